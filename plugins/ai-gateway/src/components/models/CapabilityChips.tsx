import type { Capability } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Chip from '@material-ui/core/Chip';
import { makeStyles } from '@material-ui/core/styles';
import { CAPABILITY_LABELS } from './labels';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
  // Chips of the app's theme carry a margin, which the gap replaces.
  chip: { margin: 0 },
}));

/** What a model can do. */
export function CapabilityChips(props: {
  capabilities: readonly Capability[];
}) {
  const classes = useStyles();
  return (
    <ul className={classes.root} aria-label="Capabilities">
      {props.capabilities.map(capability => (
        <li key={capability}>
          <Chip
            size="small"
            variant="outlined"
            className={classes.chip}
            label={CAPABILITY_LABELS[capability]}
          />
        </li>
      ))}
    </ul>
  );
}
