import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles({ root: { whiteSpace: 'nowrap' } });

/** How a key ends, to tell it from others without showing it. */
export function KeyEnding(props: { lastFour: string }) {
  const classes = useStyles();
  return <span className={classes.root}>…{props.lastFour}</span>;
}
