import Button, { type ButtonProps } from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: {
    backgroundColor: theme.palette.error.dark,
    color: theme.palette.getContrastText(theme.palette.error.dark),
    '&:hover': { backgroundColor: theme.palette.error.main },
  },
}));

/** The button that does what cannot be undone; its words name the effect. */
export function DangerButton(
  props: Pick<ButtonProps, 'onClick' | 'disabled' | 'children'>,
) {
  const classes = useStyles();
  return <Button variant="contained" className={classes.root} {...props} />;
}
