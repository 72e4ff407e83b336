import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    marginBottom: theme.spacing(2),
  },
  words: { flex: '1 1 18rem', minWidth: 0, overflowWrap: 'anywhere' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
}));

/** What a section is, in a line, and its buttons. */
export function SectionHead(props: {
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  const { title, children, actions } = props;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <div className={classes.words}>
        <Typography variant="h6" component="h3">
          {title}
        </Typography>
        {children && (
          <Typography variant="body2" color="textSecondary" component="div">
            {children}
          </Typography>
        )}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
