import LockOutlinedIcon from '@material-ui/icons/LockOutlined';
import type { ReactNode } from 'react';
import { Notice } from './Notice';

/** A view that the reader may not see, and who can change that. */
export function DeniedState(props: {
  /** Who can grant it; a platform admin when left out. */
  grantedBy?: ReactNode;
  /** What is refused, in a sentence. */
  children?: ReactNode;
}) {
  const {
    grantedBy = 'A platform admin can grant it.',
    children = 'Your permissions do not include this view.',
  } = props;
  return (
    <Notice icon={<LockOutlinedIcon />} title="You may not see this">
      <div>{children}</div>
      <div>{grantedBy}</div>
    </Notice>
  );
}
