import { Fragment, type ReactNode, useState } from 'react';
import { SideDrawer } from './SideDrawer';

/** A drawer with a form that can begin anew with what is saved by then. */
export function FormDrawer(props: {
  title: string;
  onClose: () => void;
  /** Loads what is saved now; the form sees it as its props. */
  onRefresh: () => Promise<void>;
  /** The form; it must keep the version that it began with. */
  children: (reload: () => Promise<void>) => ReactNode;
}) {
  const { title, onClose, onRefresh, children } = props;
  const [beginnings, setBeginnings] = useState(0);
  const reload = async () => {
    await onRefresh();
    setBeginnings(count => count + 1);
  };
  return (
    <SideDrawer title={title} onClose={onClose}>
      <Fragment key={beginnings}>{children(reload)}</Fragment>
    </SideDrawer>
  );
}
