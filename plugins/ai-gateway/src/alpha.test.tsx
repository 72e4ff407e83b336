import { coreExtensionData } from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  registerMswTestHooks,
  renderTestApp,
} from '@backstage/frontend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { setupServer } from 'msw/node';
import {
  BACKEND_URL,
  controlPlaneAt,
} from './__testUtils__/controlPlaneServer';
import { ControlPlaneDouble } from './__testUtils__/ControlPlaneDouble';
import { adminOf, engineerOf, modelOf } from './__testUtils__/fixtures';
import { emptyPortal, portalHandlers } from './__testUtils__/portalHandlers';
import aiGatewayPlugin from './alpha';

const server = setupServer();

const resource = (name: string, type: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name,
    namespace: 'default',
    annotations: { 'ai-gateway.dev/model-id': 'gpt-5' },
  },
  spec: { type, owner: 'group:default/platform' },
});

/** An app of the new frontend system with this plugin and the catalog; only the network and the catalog's data are replaced. */
function renderApp(path: string, me = engineerOf()) {
  const controlPlane = new ControlPlaneDouble(
    portalHandlers(emptyPortal({ me, models: [modelOf('gpt-5')] })),
  );
  server.use(controlPlaneAt(() => controlPlane));
  return renderTestApp({
    features: [aiGatewayPlugin, catalogPlugin],
    apis: [
      catalogApiMock({
        entities: [resource('gpt-5', 'ai-model'), resource('db', 'database')],
      }),
    ],
    initialRouteEntries: [path],
    config: { backend: { baseUrl: BACKEND_URL } },
  });
}

describe('the plugin in the new frontend system', () => {
  registerMswTestHooks(server);

  it('mounts its page with tabs, the models first', async () => {
    renderApp('/ai-gateway');
    expect(await screen.findByRole('article', { name: 'gpt-5' })).toBeVisible();
    expect(
      screen.getAllByRole('tab').map(({ textContent }) => textContent),
    ).toEqual(['Models', 'API keys', 'Usage']);
    expect(screen.getByRole('tab', { name: 'Models' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
  });

  it('keeps the project from tab to tab', async () => {
    renderApp('/ai-gateway/models?project=payments');
    await screen.findByRole('article', { name: 'gpt-5' });
    expect(
      screen.getAllByRole('tab').map(tab => tab.getAttribute('href')),
    ).toEqual([
      '/ai-gateway/models?project=payments',
      '/ai-gateway/api-keys?project=payments',
      '/ai-gateway/usage?project=payments',
    ]);
  });

  it('shows the Admin tab to admins, at the end', async () => {
    renderApp('/ai-gateway', adminOf());
    await waitFor(() =>
      expect(
        screen.getAllByRole('tab').map(({ textContent }) => textContent),
      ).toEqual(['Models', 'API keys', 'Usage', 'Admin']),
    );
  });

  it('tells an engineer who came to Admin who can let them in', async () => {
    renderApp('/ai-gateway/admin');
    expect(await screen.findByText('You may not see this')).toBeVisible();
    expect(screen.getByText('A platform admin can grant it.')).toBeVisible();
  });

  it('is in the navigation under its name', () => {
    const page = createExtensionTester(
      aiGatewayPlugin.getExtension('page:ai-gateway'),
    );
    expect(page.get(coreExtensionData.routePath)).toBe('/ai-gateway');
    expect(page.get(coreExtensionData.title)).toBe('AI Gateway');
    expect(page.get(coreExtensionData.icon)).toBeDefined();
  });

  it('adds a card and a tab to the entity of a model', async () => {
    renderApp('/catalog/default/resource/gpt-5');
    expect(
      await screen.findByRole('button', { name: 'Create key for gpt-5' }),
    ).toHaveAttribute('href', '/ai-gateway/api-keys?create=true&model=gpt-5');
    await userEvent.click(screen.getByRole('link', { name: 'AI model' }));
    expect(
      await screen.findByRole('table', { name: 'Price' }),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('tab', { name: 'Python' }),
    ).toBeInTheDocument();
  });

  it('adds nothing to other entities', async () => {
    renderApp('/catalog/default/resource/db');
    expect(await screen.findAllByText('db')).not.toHaveLength(0);
    expect(
      screen.queryByRole('link', { name: 'AI model' }),
    ).not.toBeInTheDocument();
  });

  it.each([
    'api:ai-gateway',
    'page:ai-gateway',
    'entity-card:ai-gateway/ai-model',
    'entity-content:ai-gateway/ai-model',
    'home-page-widget:ai-gateway/usage',
  ] as const)('has the extension %s, as its README says', id => {
    expect(() => aiGatewayPlugin.getExtension(id)).not.toThrow();
  });

  it('offers a widget to the home page', () => {
    const widget = createExtensionTester(
      aiGatewayPlugin.getExtension('home-page-widget:ai-gateway/usage'),
    ).get(HomePageWidgetBlueprint.dataRefs.widget);
    expect(widget).toMatchObject({ name: 'AiGatewayUsage', title: 'AI usage' });
  });
});
