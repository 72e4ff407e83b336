import { useRouteRef } from '@backstage/core-plugin-api';
import { useMe, useProject } from '../../hooks';
import { rootRouteRef } from '../../routes';
import { mayAdminister } from './mayAdminister';

/** One of the views of the page. */
export interface AiGatewayTab {
  /** Its path below the page. */
  id: string;
  label: string;
  /** Keeps the project that the pages are narrowed to. */
  href: string;
}

const TABS = [
  { id: 'models', label: 'Models' },
  { id: 'api-keys', label: 'API keys' },
  { id: 'usage', label: 'Usage' },
];
const ADMIN_TAB = { id: 'admin', label: 'Admin' };

/** The views that the reader may choose from; Admin comes last, and only for those who may do something there. */
export function useTabs(): AiGatewayTab[] {
  const root = useRouteRef(rootRouteRef)();
  const { projectId } = useProject();
  const me = useMe();
  const query = projectId
    ? `?${new URLSearchParams({ project: projectId })}`
    : '';
  const tabs = mayAdminister(me.value) ? [...TABS, ADMIN_TAB] : TABS;
  return tabs.map(tab => ({ ...tab, href: `${root}/${tab.id}${query}` }));
}
