import {
  type Deployment,
  endpoints,
  type Me,
  type Model,
  type Provider,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
} from 'react';
import { aiGatewayApiRef } from '../../../api';
import { type LoadState, useLoad } from '../../../hooks';
import { fetchAllPages } from './fetchAllPages';

/** Other admins change things too, in milliseconds. */
const REFRESH_MS = 10_000;

/** What the sections of Admin show, loaded once for all of them. What the reader may not see is empty. */
export interface AdminLists {
  readonly can: Me['can'];
  readonly providers: LoadState<Provider[]>;
  /** Published or not. */
  readonly models: LoadState<Model[]>;
  readonly deployments: LoadState<Deployment[]>;
  /** Loads all anew, as a change to one shows in the others. */
  refresh(): Promise<void>;
}

const AdminListsContext = createContext<AdminLists | undefined>(undefined);

/** Loads the lists for the sections below it. */
export function AdminListsProvider(props: {
  can: Me['can'];
  children: ReactNode;
}) {
  const { can } = props;
  const { manageProviders, manageModels } = can;
  const api = useApi(aiGatewayApiRef);
  const options = { refreshMs: REFRESH_MS };
  const providers = useLoad(
    useCallback(
      async (_question: string, signal: AbortSignal) =>
        manageProviders
          ? fetchAllPages<Provider>(query =>
              api.call(endpoints.listProviders, { query, signal }),
            )
          : [],
      [api, manageProviders],
    ),
    'providers',
    options,
  );
  const models = useLoad(
    useCallback(
      async (_question: string, signal: AbortSignal) =>
        manageModels
          ? fetchAllPages<Model>(query =>
              api.call(endpoints.listModels, {
                query: { ...query, status: 'all' },
                signal,
              }),
            )
          : [],
      [api, manageModels],
    ),
    'models',
    options,
  );
  const deployments = useLoad(
    useCallback(
      async (_question: string, signal: AbortSignal) =>
        manageModels
          ? fetchAllPages<Deployment>(query =>
              api.call(endpoints.listDeployments, { query, signal }),
            )
          : [],
      [api, manageModels],
    ),
    'deployments',
    options,
  );

  const refreshes = useMemo(
    () => [providers.refresh, models.refresh, deployments.refresh],
    [providers.refresh, models.refresh, deployments.refresh],
  );
  const refresh = useCallback(async () => {
    await Promise.all(refreshes.map(each => each()));
  }, [refreshes]);
  const lists = useMemo(
    () => ({ can, providers, models, deployments, refresh }),
    [can, providers, models, deployments, refresh],
  );
  return (
    <AdminListsContext.Provider value={lists}>
      {props.children}
    </AdminListsContext.Provider>
  );
}

/** The lists that {@link AdminListsProvider} loads. */
export function useAdminLists(): AdminLists {
  const lists = useContext(AdminListsContext);
  if (!lists) {
    throw new TypeError('useAdminLists needs an AdminListsProvider above it');
  }
  return lists;
}
