import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import {
  ControlPlaneDouble,
  Refusal,
} from '../../__testUtils__/ControlPlaneDouble';
import { modelOf, priceOf } from '../../__testUtils__/fixtures';
import {
  emptyPortal,
  portalHandlers,
} from '../../__testUtils__/portalHandlers';
import { aiGatewayApiRef } from '../../api';
import { rootRouteRef } from '../../routes';
import { EntityAiModelCard } from './EntityAiModelCard';
import { EntityAiModelContent } from './EntityAiModelContent';

const MODEL = modelOf('gpt-5.2', {
  title: 'GPT-5.2',
  price: priceOf('1.75', '14'),
  capabilities: ['tools'],
});

const ENTITY = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name: 'gpt-5.2-renamed',
    annotations: { 'ai-gateway.dev/model-id': 'gpt-5.2' },
  },
  spec: { type: 'ai-model' },
};

function renderOnEntity(children: ReactNode) {
  const controlPlane = new ControlPlaneDouble(
    portalHandlers(emptyPortal({ models: [MODEL] })),
  );
  const rendered = renderInTestApp(
    <TestApiProvider
      apis={[
        [aiGatewayApiRef, controlPlane.api],
        [catalogApiRef, catalogApiMock()],
      ]}
    >
      <EntityProvider entity={ENTITY}>{children}</EntityProvider>
    </TestApiProvider>,
    {
      mountedRoutes: {
        '/ai-gateway': rootRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
  return { controlPlane, rendered };
}

describe.each([
  ['EntityAiModelCard', <EntityAiModelCard />],
  ['EntityAiModelContent', <EntityAiModelContent />],
])('%s', (_name, element) => {
  it('shows the model that the entity stands for, and creates a key for it', async () => {
    await renderOnEntity(element).rendered;
    expect(await screen.findByText('$1.75')).toBeVisible();
    expect(screen.getByText('Available')).toBeVisible();
    expect(screen.getByText('Tools')).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Create key for GPT-5.2' }),
    ).toHaveAttribute('href', '/ai-gateway/api-keys?create=true&model=gpt-5.2');
  });

  it('explains a failure and tries again', async () => {
    const { controlPlane, rendered } = renderOnEntity(element);
    controlPlane.answer({
      getModel: () => {
        throw new Refusal(503, 'The database is not reachable');
      },
    });
    await rendered;
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The model could not be loaded',
    );
    controlPlane.answer({ getModel: () => MODEL });
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('$1.75')).toBeVisible();
  });
});
