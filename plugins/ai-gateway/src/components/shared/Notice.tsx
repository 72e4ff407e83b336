import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import clsx from 'clsx';
import type { ReactNode } from 'react';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    textAlign: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(5, 3),
  },
  icon: {
    display: 'flex',
    color: theme.palette.text.secondary,
    '& svg': { fontSize: theme.typography.pxToRem(40) },
  },
  alert: { color: theme.palette.error.main },
  words: { maxWidth: '36rem', overflowWrap: 'anywhere' },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'center',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1),
  },
}));

/** A view that has nothing else to show: why, and what to do. */
export function Notice(props: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  actions?: ReactNode;
  /** Announced at once, as a failure is. */
  alert?: boolean;
}) {
  const { icon, title, children, actions, alert } = props;
  const classes = useStyles();
  return (
    <Paper
      variant="outlined"
      className={classes.root}
      {...(alert && { role: 'alert' })}
    >
      <span
        className={clsx(classes.icon, { [classes.alert]: alert })}
        aria-hidden
      >
        {icon}
      </span>
      <Typography variant="h6" component="h3">
        {title}
      </Typography>
      <Typography
        variant="body2"
        color="textSecondary"
        component="div"
        className={classes.words}
      >
        {children}
      </Typography>
      {actions && <div className={classes.actions}>{actions}</div>}
    </Paper>
  );
}
