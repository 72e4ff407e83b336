import { makeStyles } from '@material-ui/core/styles';
import { CardGridSkeleton } from '../shared';

const useStyles = makeStyles(theme => ({
  root: { padding: theme.spacing(0, 3) },
}));

/** A view whose code is under way. */
export function PageSkeleton() {
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <CardGridSkeleton label="Loading the page" />
    </div>
  );
}
