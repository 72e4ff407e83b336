import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  ControlPlaneDouble,
  Refusal,
} from '../../__testUtils__/ControlPlaneDouble';
import { adminOf, modelOf, priceOf } from '../../__testUtils__/fixtures';
import {
  emptyPortal,
  portalHandlers,
  type PortalState,
} from '../../__testUtils__/portalHandlers';
import { address, renderPortal } from '../../__testUtils__/renderPortal';

const MODELS = [
  modelOf('gpt-5-mini', {
    title: 'GPT-5 mini',
    capabilities: ['tools', 'vision'],
    contextWindow: 400_000,
    price: priceOf('0.25', '2'),
  }),
  modelOf('llama-4', {
    title: 'Llama 4',
    providers: [{ name: 'gpu', title: 'GPU cluster', kind: 'vllm' }],
    price: priceOf('0.19', '0.85'),
    status: 'deprecated',
  }),
];

function open(at: string, state: Partial<PortalState> = {}) {
  const controlPlane = new ControlPlaneDouble(
    portalHandlers(emptyPortal({ models: MODELS, ...state })),
  );
  return renderPortal(at, { controlPlane });
}

function refusing(status: number, message: string) {
  return new ControlPlaneDouble({
    ...portalHandlers(emptyPortal()),
    listModels: () => {
      throw new Refusal(status, message);
    },
  });
}

const card = (name: string) => screen.findByRole('article', { name });
const cardNames = () =>
  screen
    .queryAllByRole('article')
    .map(article => article.getAttribute('aria-label'));

describe('ModelsPage', () => {
  it('is where the page starts', async () => {
    await open('/ai-gateway');
    expect(
      await screen.findByRole('heading', { name: 'Models' }),
    ).toBeVisible();
    expect(address()).toBe('/ai-gateway/models');
  });

  it('shows of each model what one chooses by', async () => {
    await open('/ai-gateway/models');
    const mini = within(await card('GPT-5 mini'));
    expect(mini.getByRole('link', { name: 'GPT-5 mini' })).toHaveAttribute(
      'href',
      '/ai-gateway/models/gpt-5-mini',
    );
    expect(mini.getByText('OpenAI')).toBeVisible();
    expect(mini.getByText('Chat')).toBeVisible();
    expect(mini.getByText('400K')).toBeVisible();
    expect(mini.getByText('$0.25')).toBeVisible();
    expect(mini.getByText('$2.00')).toBeVisible();
    expect(mini.getByText('Available')).toBeVisible();
    expect(mini.getByRole('link', { name: 'platform' })).toHaveAttribute(
      'href',
      '/catalog/default/group/platform',
    );
    expect(
      within(mini.getByRole('list', { name: 'Capabilities' }))
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual(['Tools', 'Vision']);
  });

  it('leads to the creation of a key for the model', async () => {
    await open('/ai-gateway/models?project=payments');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Create key for GPT-5 mini' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Create an API key',
    });
    expect(within(dialog).getByText('GPT-5 mini')).toBeVisible();
  });

  it('narrows the models down, and keeps that in the address', async () => {
    await open('/ai-gateway/models');
    await card('Llama 4');
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search models' }),
      'cluster',
    );
    expect(cardNames()).toEqual(['Llama 4']);
    expect(address()).toBe('/ai-gateway/models?search=cluster');
  });

  it('filters by what the models offer', async () => {
    await open('/ai-gateway/models');
    await card('Llama 4');
    await userEvent.click(screen.getByRole('button', { name: 'Provider' }));
    await userEvent.click(screen.getByRole('option', { name: 'OpenAI' }));
    expect(cardNames()).toEqual(['GPT-5 mini']);
    expect(address()).toBe('/ai-gateway/models?provider=openai');
  });

  it('opens as the address says', async () => {
    await open('/ai-gateway/models?status=deprecated');
    await card('Llama 4');
    expect(cardNames()).toEqual(['Llama 4']);
  });

  it('says when nothing matches, and clears the filters', async () => {
    await open('/ai-gateway/models?search=nothing&modality=audio');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear filters' }),
    );
    expect(cardNames()).toEqual(['GPT-5 mini', 'Llama 4']);
    expect(address()).toBe('/ai-gateway/models');
  });

  it('shows the models as rows that sort', async () => {
    await open('/ai-gateway/models');
    await userEvent.click(await screen.findByRole('button', { name: 'List' }));
    const table = screen.getByRole('table', { name: 'Models' });
    const titles = () =>
      within(table)
        .getAllByRole('link')
        .filter(link => link.getAttribute('href')?.includes('/models/'))
        .map(({ textContent }) => textContent);
    expect(titles()).toEqual(['GPT-5 mini', 'Llama 4']);

    await userEvent.click(
      within(table).getByRole('button', { name: 'In / 1M tokens' }),
    );
    expect(titles()).toEqual(['Llama 4', 'GPT-5 mini']);
    expect(address()).toBe('/ai-gateway/models?view=list&sort=input');
  });

  it('shows a skeleton while the models load', async () => {
    const controlPlane = new ControlPlaneDouble({
      ...portalHandlers(emptyPortal()),
      listModels: () => new Promise(() => {}),
    });
    await renderPortal('/ai-gateway/models', { controlPlane });
    expect(
      await screen.findByRole('status', { name: 'Loading models' }),
    ).toHaveAttribute('aria-busy', 'true');
  });

  it('tells an engineer that there is no model, and whose task that is', async () => {
    await open('/ai-gateway/models', { models: [] });
    expect(
      await screen.findByText(/as soon as a platform admin publishes one/),
    ).toBeVisible();
    expect(
      screen.queryByRole('button', { name: 'Add a model' }),
    ).not.toBeInTheDocument();
  });

  it('leads an admin to where a model is added', async () => {
    await open('/ai-gateway/models', { models: [], me: adminOf() });
    expect(
      await screen.findByRole('button', { name: 'Add a model' }),
    ).toHaveAttribute('href', '/ai-gateway/admin');
  });

  it('explains a failure and tries again', async () => {
    const controlPlane = refusing(503, 'The database is not reachable');
    await renderPortal('/ai-gateway/models', { controlPlane });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Models could not be loaded');
    expect(alert).toHaveTextContent('req-42');

    controlPlane.answer({
      listModels: () => ({ items: MODELS, totalCount: MODELS.length }),
    });
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await card('Llama 4')).toBeVisible();
  });

  it('says who can grant what is denied', async () => {
    await renderPortal('/ai-gateway/models', {
      controlPlane: refusing(403, 'You may not see models'),
    });
    expect(
      await screen.findByText('A platform admin can grant it.'),
    ).toBeVisible();
  });

  it('loads every page of a long list', async () => {
    const models = Array.from({ length: 501 }, (_, index) =>
      modelOf(`model-${index}`),
    );
    await open('/ai-gateway/models?search=model-500', { models });
    await waitFor(() => expect(cardNames()).toEqual(['model-500']));
  });
});
