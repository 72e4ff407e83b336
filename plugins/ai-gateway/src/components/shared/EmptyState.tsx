import InboxIcon from '@material-ui/icons/InboxOutlined';
import type { ReactNode } from 'react';
import { Notice } from './Notice';

/** A view with nothing in it yet: what it is for, and the button that fills it. */
export function EmptyState(props: {
  title: string;
  /** What would be here, and why one wants it. */
  children: ReactNode;
  /** The button that fills it. */
  action?: ReactNode;
  icon?: ReactNode;
}) {
  const { title, children, action, icon = <InboxIcon /> } = props;
  return (
    <Notice icon={icon} title={title} actions={action}>
      {children}
    </Notice>
  );
}
