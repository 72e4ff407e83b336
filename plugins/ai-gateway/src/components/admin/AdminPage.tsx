import { DeniedState, PageFrame } from '../shared';

/** Providers, models, prices and gateways. */
export function AdminPage() {
  return (
    <PageFrame title="Admin" description="Providers, models, prices, gateways">
      <DeniedState />
    </PageFrame>
  );
}
