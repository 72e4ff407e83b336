import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import type { BarStack } from './StackedBars';
import { Swatch } from './Swatch';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 1),
    listStyle: 'none',
    margin: theme.spacing(1, 0, 0),
    padding: 0,
  },
  item: {
    ...theme.typography.body2,
    gap: theme.spacing(0.75),
    minHeight: theme.spacing(3.5),
    padding: theme.spacing(0, 0.75),
    borderRadius: theme.shape.borderRadius,
    textAlign: 'left',
    '&:hover, &[aria-pressed=true]': {
      backgroundColor: theme.palette.action.selected,
    },
    '&:focus-visible': { outline: `2px solid ${theme.palette.primary.main}` },
  },
  running: {
    display: 'inline-block',
    width: theme.spacing(1.5),
    height: theme.spacing(1.5),
    background: `repeating-linear-gradient(45deg, ${theme.palette.text.secondary} 0 2px, transparent 2px 4px)`,
  },
  note: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    padding: theme.spacing(0, 0.75),
    ...theme.typography.body2,
    color: theme.palette.text.secondary,
  },
}));

/** Which colour is which group. Pressing one makes it stand out until it is pressed again. */
export function ChartLegend(props: {
  /** The largest first. */
  stacks: readonly BarStack[];
  highlighted: string | undefined;
  onHighlight: (id: string | undefined) => void;
  /** What hatched bars are; left out when there are none. */
  runningLabel: string | undefined;
}) {
  const { stacks, highlighted, onHighlight, runningLabel } = props;
  const classes = useStyles();
  return (
    <ul className={classes.root} aria-label="Legend">
      {stacks.map(({ id, label, color }) => (
        <li key={id}>
          <ButtonBase
            className={classes.item}
            aria-pressed={highlighted === id}
            onClick={() => onHighlight(highlighted === id ? undefined : id)}
          >
            <Swatch color={color} />
            {label}
          </ButtonBase>
        </li>
      ))}
      {runningLabel && (
        <li className={classes.note}>
          <span aria-hidden className={classes.running} />
          {runningLabel}
        </li>
      )}
    </ul>
  );
}
