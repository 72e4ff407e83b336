import { makeStyles } from '@material-ui/core/styles';
import BlockIcon from '@material-ui/icons/Block';
import CheckCircleOutlineIcon from '@material-ui/icons/CheckCircleOutline';
import ErrorOutlineIcon from '@material-ui/icons/ErrorOutline';
import RadioButtonUncheckedIcon from '@material-ui/icons/RadioButtonUnchecked';
import ReportProblemOutlinedIcon from '@material-ui/icons/ReportProblemOutlined';
import type { ReactNode } from 'react';

/** How a status is meant; never said by colour alone. */
export type StatusTone = 'good' | 'warning' | 'bad' | 'off' | 'neutral';

const ICONS = {
  good: CheckCircleOutlineIcon,
  warning: ReportProblemOutlinedIcon,
  bad: ErrorOutlineIcon,
  off: BlockIcon,
  neutral: RadioButtonUncheckedIcon,
};

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    whiteSpace: 'nowrap',
    ...theme.typography.body2,
  },
  icon: { fontSize: theme.typography.pxToRem(18) },
  good: { color: theme.palette.success.main },
  warning: { color: theme.palette.warning.main },
  bad: { color: theme.palette.error.main },
  off: { color: theme.palette.text.secondary },
  neutral: { color: theme.palette.info.main },
}));

/** A status: a shape, a colour and a word. */
export function StatusChip(props: { tone: StatusTone; children: ReactNode }) {
  const { tone, children } = props;
  const classes = useStyles();
  const Icon = ICONS[tone];
  return (
    <span className={classes.root}>
      <Icon className={`${classes.icon} ${classes[tone]}`} aria-hidden />
      {children}
    </span>
  );
}
