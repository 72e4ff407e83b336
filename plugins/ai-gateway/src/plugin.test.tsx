import { createApp } from '@backstage/app-defaults';
import { AppRouter, FlatRoutes } from '@backstage/core-app-api';
import { CatalogEntityPage } from '@backstage/plugin-catalog';
import { registerMswTestHooks } from '@backstage/test-utils';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { setupServer } from 'msw/node';
import { Route } from 'react-router-dom';
import {
  BACKEND_URL,
  controlPlaneAt,
} from './__testUtils__/controlPlaneServer';
import { ControlPlaneDouble } from './__testUtils__/ControlPlaneDouble';
import { adminOf, engineerOf, modelOf } from './__testUtils__/fixtures';
import { emptyPortal, portalHandlers } from './__testUtils__/portalHandlers';
import { AiGatewayPage } from '.';
import * as legacyExports from '.';

const server = setupServer();
let controlPlane: ControlPlaneDouble;

/** An app of the legacy frontend system, as an adopter writes it; nothing of the plugin is replaced. */
function renderLegacyApp(path: string) {
  window.history.replaceState({}, '', path);
  const app = createApp({
    configLoader: async () => [
      {
        context: 'test',
        data: {
          app: { title: 'Portal', baseUrl: window.location.origin },
          backend: { baseUrl: BACKEND_URL },
        },
      },
    ],
  });
  const Root = app.createRoot(
    <AppRouter>
      <FlatRoutes>
        <Route path="/ai-gateway" element={<AiGatewayPage />} />
        <Route
          path="/catalog/:namespace/:kind/:name"
          element={<CatalogEntityPage />}
        />
      </FlatRoutes>
    </AppRouter>,
  );
  return render(<Root />);
}

describe('the plugin in the legacy frontend system', () => {
  registerMswTestHooks(server);

  const portalOf = (me = engineerOf()) => {
    controlPlane = new ControlPlaneDouble(
      portalHandlers(emptyPortal({ me, models: [modelOf('gpt-5')] })),
    );
    server.use(controlPlaneAt(() => controlPlane));
  };

  it('mounts its page, with a header, tabs and the models', async () => {
    portalOf();
    renderLegacyApp('/ai-gateway');
    expect(
      await screen.findByRole('heading', { name: 'AI Gateway' }),
    ).toBeVisible();
    expect(await screen.findByRole('article', { name: 'gpt-5' })).toBeVisible();
    expect(window.location.pathname).toBe('/ai-gateway/models');
  });

  it('leads from tab to tab, and keeps the project', async () => {
    portalOf();
    renderLegacyApp('/ai-gateway/models?project=payments');
    await userEvent.click(await screen.findByRole('tab', { name: 'API keys' }));
    expect(
      await screen.findByRole('button', { name: 'Create a key' }),
    ).toBeVisible();
    expect(window.location.pathname).toBe('/ai-gateway/api-keys');
    expect(window.location.search).toBe('?project=payments');
    expect(screen.getByRole('tab', { name: 'API keys' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
  });

  it('shows the Admin tab to admins alone', async () => {
    portalOf(adminOf());
    const { unmount } = renderLegacyApp('/ai-gateway');
    expect(await screen.findByRole('tab', { name: 'Admin' })).toBeVisible();
    unmount();

    portalOf(engineerOf());
    renderLegacyApp('/ai-gateway');
    await screen.findByRole('article', { name: 'gpt-5' });
    expect(
      screen.queryByRole('tab', { name: 'Admin' }),
    ).not.toBeInTheDocument();
  });

  it('has no default export, which would make the new frontend system take it for its own', () => {
    expect(legacyExports).not.toHaveProperty('default');
  });
});
