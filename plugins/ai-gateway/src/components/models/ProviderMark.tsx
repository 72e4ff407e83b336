import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: {
    ...theme.typography.subtitle2,
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    flex: 'none',
    width: theme.spacing(4.5),
    height: theme.spacing(4.5),
    borderRadius: theme.shape.borderRadius,
    backgroundColor: theme.palette.action.selected,
    color: theme.palette.text.primary,
  },
}));

/** The initials of the provider that serves a model; its name stands beside it as text. */
export function ProviderMark(props: { providers: Model['providers'] }) {
  const classes = useStyles();
  const [first] = props.providers;
  return (
    <span className={classes.root} aria-hidden>
      {first ? initials(first.title) : '–'}
    </span>
  );
}

function initials(title: string): string {
  const words = title.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters =
    words.length > 1
      ? words[0][0] + words[1][0]
      : (words[0] ?? '?').slice(0, 2);
  return letters.toUpperCase();
}
