import { LinkButton } from '@backstage/core-components';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import RadioButtonCheckedIcon from '@material-ui/icons/RadioButtonChecked';
import RadioButtonUncheckedIcon from '@material-ui/icons/RadioButtonUnchecked';
import type { ReactNode } from 'react';
import { useAdminPaths } from '../adminPaths';
import {
  type NextStep,
  nextStepLabel,
  SETUP_STEP_LABELS,
  SETUP_STEPS,
  stepOf,
} from './modelSetup';
import { nextStepPath } from './nextStepPath';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 3),
    padding: theme.spacing(1.5, 2),
    marginBottom: theme.spacing(2),
    borderColor: theme.palette.primary.main,
  },
  words: { flex: '1 1 16rem' },
  steps: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    listStyle: 'none',
    margin: theme.spacing(0.5, 0, 0),
    padding: 0,
    ...theme.typography.body2,
    '& li': {
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
    },
    '& svg': { fontSize: theme.typography.pxToRem(18) },
  },
  done: { '& svg': { color: theme.palette.success.main } },
  current: {
    ...theme.typography.subtitle2,
    '& svg': { color: theme.palette.primary.main },
  },
  later: { color: theme.palette.text.secondary },
}));

/** How far a model is on its way to being callable, and the button that brings it further. */
export function SetupSteps(props: {
  title: string;
  next: NextStep;
  /** Instead of the link to where the step is done. */
  action?: ReactNode;
}) {
  const { title, next, action } = props;
  const classes = useStyles();
  const paths = useAdminPaths();
  const current = stepOf(next);
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-label={title}
      className={classes.root}
    >
      <div className={classes.words}>
        <Typography variant="subtitle2" component="h4">
          {title}
        </Typography>
        <ol className={classes.steps}>
          {SETUP_STEPS.map((step, index) => (
            <li
              key={step}
              className={stateClass(index, current, classes)}
              aria-current={index === current ? 'step' : undefined}
            >
              <StepIcon index={index} current={current} />
              {SETUP_STEP_LABELS[step]}
            </li>
          ))}
        </ol>
      </div>
      {action === undefined ? (
        <LinkButton
          to={nextStepPath(next, paths)}
          variant="contained"
          color="primary"
        >
          {nextStepLabel(next)}
        </LinkButton>
      ) : (
        action
      )}
    </Paper>
  );
}

function stateClass(
  index: number,
  current: number,
  classes: Record<'done' | 'current' | 'later', string>,
): string {
  if (index === current) return classes.current;
  return index < current ? classes.done : classes.later;
}

function StepIcon(props: { index: number; current: number }) {
  const { index, current } = props;
  if (index < current) return <CheckCircleIcon titleAccess="Done" />;
  return index === current ? (
    <RadioButtonCheckedIcon titleAccess="Next" />
  ) : (
    <RadioButtonUncheckedIcon titleAccess="Later" />
  );
}
