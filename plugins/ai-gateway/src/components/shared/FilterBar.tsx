import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    marginBottom: theme.spacing(2),
  },
}));

/** The row of filters above a view's content; it wraps where the screen is narrow. */
export function FilterBar(props: { children: ReactNode }) {
  const classes = useStyles();
  return (
    <div className={classes.root} role="search">
      {props.children}
    </div>
  );
}
