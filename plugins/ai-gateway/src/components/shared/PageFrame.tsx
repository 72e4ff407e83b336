import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { ProjectSwitch } from './ProjectSwitch';

const useStyles = makeStyles(theme => ({
  root: {
    padding: theme.spacing(0, 3, 3),
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(0, 2, 2) },
  },
  header: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    marginBottom: theme.spacing(2),
  },
  words: { flex: '1 1 20rem', minWidth: 0 },
  aside: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    [theme.breakpoints.down('xs')]: {
      width: '100%',
      '& > *': { flex: '1 1 auto' },
    },
  },
}));

/**
 * What every tab looks like: one line of what this is, the project switch and the tab's actions at the right, then the content.
 */
export function PageFrame(props: {
  /** The tab's name, as a heading. */
  title: string;
  /** One line of what this is. */
  description: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
  /** Shows the project switch; see `useProject`. */
  projectSwitch?: boolean;
  children: ReactNode;
}) {
  const { title, description, actions, projectSwitch, children } = props;
  const classes = useStyles();
  return (
    <section className={classes.root} aria-label={title}>
      <header className={classes.header}>
        <div className={classes.words}>
          <Typography variant="h5" component="h2">
            {title}
          </Typography>
          <Typography variant="body2" color="textSecondary">
            {description}
          </Typography>
        </div>
        <div className={classes.aside}>
          {projectSwitch && <ProjectSwitch />}
          {actions}
        </div>
      </header>
      {children}
    </section>
  );
}
