import Drawer from '@material-ui/core/Drawer';
import IconButton from '@material-ui/core/IconButton';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CloseIcon from '@material-ui/icons/Close';
import { type ReactNode, useId } from 'react';

const useStyles = makeStyles(theme => ({
  paper: {
    width: 560,
    maxWidth: '100vw',
    display: 'flex',
    flexDirection: 'column',
  },
  head: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(2, 2, 1, 3),
    '& h2': { flex: 1, minWidth: 0, overflowWrap: 'anywhere' },
  },
  body: { flex: 1, minHeight: 0, overflowY: 'auto' },
}));

/**
 * Details beside the list that they belong to. A click outside does not close it: that would throw away what was entered.
 */
export function SideDrawer(props: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { title, onClose, children } = props;
  const classes = useStyles();
  const titleId = useId();
  return (
    <Drawer
      open
      anchor="right"
      onClose={(_event, reason) => reason === 'escapeKeyDown' && onClose()}
      PaperProps={{
        role: 'dialog',
        'aria-modal': true,
        'aria-labelledby': titleId,
        className: classes.paper,
      }}
    >
      <div className={classes.head}>
        <Typography id={titleId} variant="h6" component="h2">
          {title}
        </Typography>
        <IconButton aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </div>
      <div className={classes.body}>{children}</div>
    </Drawer>
  );
}
