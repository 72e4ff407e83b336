import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-block',
    flex: 'none',
    width: theme.spacing(1.5),
    height: theme.spacing(1.5),
    borderRadius: theme.spacing(0.25),
  },
}));

/** The colour of a group, beside its name. */
export function Swatch(props: { color: string }) {
  const classes = useStyles();
  return (
    <span
      aria-hidden
      className={classes.root}
      style={{ backgroundColor: props.color }}
    />
  );
}
