import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  ControlPlaneDouble,
  Refusal,
} from '../../__testUtils__/ControlPlaneDouble';
import { modelOf, priceOf } from '../../__testUtils__/fixtures';
import {
  emptyPortal,
  portalHandlers,
} from '../../__testUtils__/portalHandlers';
import { address, renderPortal } from '../../__testUtils__/renderPortal';

const MODEL = modelOf('gpt-5-mini', {
  title: 'GPT-5 mini',
  description: 'Fast and cheap',
  price: priceOf('0.25', '2', { cachedInput: '0.025' }),
});

const handlers = () => portalHandlers(emptyPortal({ models: [MODEL] }));

function open(at: string, controlPlane = new ControlPlaneDouble(handlers())) {
  return renderPortal(at, { controlPlane });
}

describe('ModelPage', () => {
  it('shows what the model is, what it costs and where it is in the catalog', async () => {
    await open('/ai-gateway/models/gpt-5-mini');
    expect(
      await screen.findByRole('heading', { name: 'GPT-5 mini' }),
    ).toBeVisible();
    expect(screen.getByText('Fast and cheap')).toBeVisible();
    const price = within(screen.getByRole('table', { name: 'Price' }));
    expect(price.getByRole('row', { name: /Cached input/ })).toHaveTextContent(
      '$0.025 per million tokens',
    );
    expect(screen.getByRole('link', { name: 'gpt-5-mini' })).toHaveAttribute(
      'href',
      '/catalog/default/resource/gpt-5-mini',
    );
  });

  it('shows how to call it in each language, streamed or not', async () => {
    await open('/ai-gateway/models/gpt-5-mini');
    const code = () => screen.getByRole('tabpanel');
    await screen.findByRole('tab', { name: 'curl' });
    expect(
      await screen.findByText(/curl/, { selector: 'code *' }),
    ).toBeVisible();
    expect(code()).toHaveTextContent(
      'http://localhost:4000/v1/chat/completions',
    );

    await userEvent.click(screen.getByRole('tab', { name: 'Python' }));
    expect(code()).toHaveTextContent('model="gpt-5-mini"');
    expect(code()).not.toHaveTextContent('stream=True');

    await userEvent.click(screen.getByRole('checkbox', { name: 'Stream' }));
    expect(code()).toHaveTextContent('stream=True');

    await userEvent.click(screen.getByRole('tab', { name: 'JavaScript' }));
    expect(code()).toHaveTextContent("baseURL: 'http://localhost:4000/v1'");
    expect(code()).toHaveTextContent('stream: true');
  });

  it('leads to the creation of a key for it', async () => {
    await open('/ai-gateway/models/gpt-5-mini?project=payments');
    expect(
      await screen.findByRole('button', { name: 'Create key for GPT-5 mini' }),
    ).toHaveAttribute(
      'href',
      '/ai-gateway/api-keys?create=true&model=gpt-5-mini&project=payments',
    );
  });

  it('leads back to the list as it was', async () => {
    await open('/ai-gateway/models/gpt-5-mini?search=mini&view=list');
    await userEvent.click(
      await screen.findByRole('link', { name: 'Back to all models' }),
    );
    expect(address()).toBe('/ai-gateway/models?search=mini&view=list');
  });

  it('says that there is no such model', async () => {
    await open('/ai-gateway/models/gpt-9');
    expect(await screen.findByText('There is no such model')).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'See all models' }),
    ).toHaveAttribute('href', '/ai-gateway/models');
  });

  it('explains any other failure and tries again', async () => {
    const controlPlane = new ControlPlaneDouble({
      ...handlers(),
      getModel: () => {
        throw new Refusal(503, 'The database is not reachable');
      },
    });
    await open('/ai-gateway/models/gpt-5-mini', controlPlane);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The model could not be loaded',
    );
    controlPlane.answer({ getModel: () => MODEL });
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('heading', { name: 'GPT-5 mini' }),
    ).toBeVisible();
  });
});
