import { TestApiProvider, renderInTestApp } from '@backstage/test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type { Entity } from '@backstage/catalog-model';
import { screen } from '@testing-library/react';
import { Route, Routes, useLocation } from 'react-router-dom';
import { aiGatewayApiRef } from '../api';
import { AiGatewayRoutes } from '../components/page/AiGatewayRoutes';
import { rootRouteRef } from '../routes';
import type { ControlPlaneDouble } from './ControlPlaneDouble';

/** Renders the plugin's views at an address, over a control plane and a catalog in memory. */
export async function renderPortal(
  at: string,
  options: {
    controlPlane: ControlPlaneDouble;
    entities?: Entity[];
  },
) {
  const { controlPlane, entities } = options;
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [aiGatewayApiRef, controlPlane.api],
        [catalogApiRef, catalogApiMock({ entities })],
      ]}
    >
      <Routes>
        <Route path="/ai-gateway/*" element={<AiGatewayRoutes />} />
      </Routes>
      <Address />
    </TestApiProvider>,
    {
      routeEntries: [at],
      mountedRoutes: {
        '/ai-gateway': rootRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
}

function Address() {
  const { pathname, search } = useLocation();
  return (
    <output aria-label="Address">
      {pathname}
      {search}
    </output>
  );
}

/** Where the reader is: the path and the query. */
export function address(): string {
  // An open dialog hides the rest of the page from assistive technology.
  const output = screen.getByRole('status', { name: 'Address', hidden: true });
  return output.textContent ?? '';
}
