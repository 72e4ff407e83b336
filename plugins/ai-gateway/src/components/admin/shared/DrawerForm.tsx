import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type { FormEvent, ReactNode, RefObject } from 'react';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(2.5),
    minHeight: '100%',
    padding: theme.spacing(1.5, 3, 0),
  },
  actions: {
    position: 'sticky',
    bottom: 0,
    zIndex: 1,
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    marginTop: 'auto',
    padding: theme.spacing(2, 0),
    backgroundColor: theme.palette.background.paper,
    borderTop: `1px solid ${theme.palette.divider}`,
  },
}));

/** The form of a drawer: its fields, and its buttons always in sight. */
export function DrawerForm(props: {
  formRef: RefObject<HTMLFormElement>;
  onSubmit: (event: FormEvent) => void;
  submitting: boolean;
  /** A verb and what it does it to: "Register provider". */
  submitLabel: string;
  onCancel: () => void;
  children: ReactNode;
}) {
  const { formRef, onSubmit, submitting, submitLabel, onCancel, children } =
    props;
  const classes = useStyles();
  return (
    <form noValidate ref={formRef} onSubmit={onSubmit} className={classes.root}>
      {children}
      <div className={classes.actions}>
        <Button
          type="submit"
          variant="contained"
          color="primary"
          disabled={submitting}
        >
          {submitLabel}
        </Button>
        <Button onClick={onCancel} disabled={submitting}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
