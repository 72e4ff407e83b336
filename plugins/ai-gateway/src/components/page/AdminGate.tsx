import type { ReactNode } from 'react';
import { useMe } from '../../hooks';
import { DeniedState, ErrorState, PageFrame } from '../shared';
import { mayAdminister } from './mayAdminister';
import { PageSkeleton } from './PageSkeleton';

/** Lets those through who may do something in Admin, and tells the others who can grant it. */
export function AdminGate(props: { children: ReactNode }) {
  const me = useMe();
  if (me.status === 'loading') return <PageSkeleton />;
  if (me.status === 'ready' && mayAdminister(me.value)) {
    return <>{props.children}</>;
  }
  return (
    <PageFrame title="Admin" description="For those who run the gateway">
      {me.status === 'error' ? (
        <ErrorState
          error={me.error}
          title="Your permissions could not be loaded"
          onRetry={me.refresh}
        />
      ) : (
        <DeniedState>
          Providers, models and prices are managed by platform admins.
        </DeniedState>
      )}
    </PageFrame>
  );
}
