import type { Me } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { ErrorPage, Link } from '@backstage/core-components';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import { makeStyles } from '@material-ui/core/styles';
import { Navigate, Route, Routes, useLocation } from 'react-router-dom';
import { useMe } from '../../hooks';
import { DeniedState, ErrorState, PageFrame, TableSkeleton } from '../shared';
import { useAdminPaths } from './adminPaths';
import { ADMIN_SECTIONS } from './adminSections';
import { GatewaysSection } from './gateways';
import { ModelAdminPage, ModelsSection } from './models';
import { PriceHistoryPage, PricesSection } from './prices';
import { ProvidersSection } from './providers';
import { AdminListsProvider } from './shared';

const useStyles = makeStyles(theme => ({
  tabs: {
    marginBottom: theme.spacing(3),
    borderBottom: `1px solid ${theme.palette.divider}`,
  },
  tab: { textTransform: 'none', minWidth: 0, padding: theme.spacing(1, 2) },
}));

/** Providers, models, prices and gateways, for those who may. */
export function AdminPage() {
  const me = useMe();
  return (
    <PageFrame
      title="Admin"
      description="From a provider to a published model with a price, and the gateways that serve it"
    >
      {me.status === 'loading' && (
        <TableSkeleton label="Loading your permissions" />
      )}
      {me.status === 'error' && (
        <ErrorState
          error={me.error}
          title="Your permissions could not be loaded"
          onRetry={me.refresh}
        />
      )}
      {me.status === 'ready' && <Sections me={me.value} />}
    </PageFrame>
  );
}

function Sections(props: { me: Me }) {
  const { me } = props;
  const classes = useStyles();
  const paths = useAdminPaths();
  const { pathname } = useLocation();
  const allowed = ADMIN_SECTIONS.filter(section => section.allows(me.can));
  if (allowed.length === 0) {
    return (
      <DeniedState>
        Providers, models, prices and gateways are managed by platform admins.
      </DeniedState>
    );
  }
  const current = allowed.find(({ id }) =>
    `${pathname}/`.startsWith(`${paths[id]()}/`),
  );

  return (
    <AdminListsProvider can={me.can}>
      <Tabs
        value={current?.id ?? false}
        variant="scrollable"
        scrollButtons="off"
        indicatorColor="primary"
        aria-label="Admin sections"
        className={classes.tabs}
      >
        {allowed.map(({ id, label }) => (
          <Tab
            key={id}
            value={id}
            label={label}
            component={Link}
            to={paths[id]()}
            className={classes.tab}
          />
        ))}
      </Tabs>
      <Routes>
        <Route
          index
          element={<Navigate replace to={paths[allowed[0].id]()} />}
        />
        {allowed.map(({ id }) => (
          <Route
            key={id}
            path={`${id}/*`}
            element={<Section id={id} me={me} />}
          />
        ))}
        {ADMIN_SECTIONS.filter(section => !allowed.includes(section)).map(
          ({ id, denied }) => (
            <Route
              key={id}
              path={`${id}/*`}
              element={<DeniedState>{denied}</DeniedState>}
            />
          ),
        )}
        <Route
          path="*"
          element={<ErrorPage status="404" statusMessage="Page not found" />}
        />
      </Routes>
    </AdminListsProvider>
  );
}

function Section(props: { id: (typeof ADMIN_SECTIONS)[number]['id']; me: Me }) {
  const { id, me } = props;
  switch (id) {
    case 'providers':
      return <ProvidersSection />;
    case 'models':
      return (
        <Routes>
          <Route index element={<ModelsSection me={me} />} />
          <Route path=":modelId" element={<ModelAdminPage me={me} />} />
        </Routes>
      );
    case 'prices':
      return (
        <Routes>
          <Route index element={<PricesSection />} />
          <Route path=":deploymentId" element={<PriceHistoryPage />} />
        </Routes>
      );
    case 'gateways':
      return <GatewaysSection />;
    default:
      throw new RangeError(`No such section: ${id satisfies never}`);
  }
}
