import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  ControlPlaneDouble,
  type ReceivedCall,
  Refusal,
} from '../../../__testUtils__/ControlPlaneDouble';
import { engineerOf, modelOf } from '../../../__testUtils__/fixtures';
import {
  emptyPortal,
  portalHandlers,
  SECRET,
  type PortalState,
} from '../../../__testUtils__/portalHandlers';
import { address, renderPortal } from '../../../__testUtils__/renderPortal';

const MODELS = [
  modelOf('gpt-5-mini', { title: 'GPT-5 mini' }),
  modelOf('llama-4', { title: 'Llama 4' }),
];

async function open(some: Partial<PortalState> = {}, query = '') {
  const state = emptyPortal({ models: MODELS, ...some });
  const controlPlane = new ControlPlaneDouble(portalHandlers(state));
  await renderPortal(`/ai-gateway/api-keys?create=true${query}`, {
    controlPlane,
  });
  await screen.findByRole('textbox', { name: 'Label' });
  return { controlPlane, state };
}

const idempotencyKeyOf = ({ headers }: ReceivedCall) =>
  headers.get('idempotency-key');

const dialog = () => screen.getByRole('dialog');
const label = () => screen.getByRole('textbox', { name: 'Label' });
const submit = () =>
  userEvent.click(within(dialog()).getByRole('button', { name: 'Create key' }));

async function create() {
  await userEvent.type(label(), 'payments-prod');
  await submit();
  return screen.findByRole('dialog', { name: 'payments-prod is ready' });
}

describe('creating a key', () => {
  it('sends what was entered, and shows the secret with examples that hold it', async () => {
    const { controlPlane } = await open({}, '&model=gpt-5-mini');
    await create();

    expect(controlPlane.callsOf('createApiKey')[0].body).toEqual({
      label: 'payments-prod',
      projectId: 'payments',
      owner: { kind: 'user' },
      modelScope: ['gpt-5-mini'],
      expiresAt: null,
    });
    expect(screen.getByLabelText('API key')).toHaveTextContent(SECRET);
    const example = await screen.findByRole('tabpanel');
    await waitFor(() => expect(example).toHaveTextContent(SECRET));
    expect(example).toHaveTextContent('http://localhost:4000/v1');
    expect(example).toHaveTextContent('"model": "gpt-5-mini"');
  });

  it('copies the secret', async () => {
    const copied: string[] = [];
    // jsdom has no clipboard; what would be copied is what is selected.
    document.execCommand = () => {
      copied.push(String(document.getSelection()));
      return true;
    };
    await open();
    await create();
    await userEvent.click(screen.getByRole('button', { name: 'Copy key' }));
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
    expect(copied).toEqual([SECRET]);
  });

  it('keeps the secret out of the address and of every storage', async () => {
    const logged = [
      jest.spyOn(console, 'log'),
      jest.spyOn(console, 'info'),
      jest.spyOn(console, 'debug'),
    ];
    await open();
    await create();
    expect(address()).not.toContain(SECRET);
    expect(JSON.stringify({ ...localStorage })).not.toContain(SECRET);
    expect(JSON.stringify({ ...sessionStorage })).not.toContain(SECRET);
    expect(
      JSON.stringify(logged.flatMap(({ mock }) => mock.calls)),
    ).not.toContain(SECRET);
    jest.restoreAllMocks();
  });

  it('loses the secret to no key press and no click beside the dialog, only to the word that it is stored', async () => {
    await open();
    await create();
    await userEvent.keyboard('{Escape}');
    // What lies around the dialog takes the clicks beside it.
    await userEvent.click(screen.getByRole('none', { hidden: true }));
    expect(screen.getByLabelText('API key')).toHaveTextContent(SECRET);

    await userEvent.click(
      screen.getByRole('button', { name: 'I have stored it' }),
    );
    expect(screen.queryByText(SECRET)).not.toBeInTheDocument();
    expect(address()).toBe('/ai-gateway/api-keys');
    expect(await screen.findByText('payments-prod')).toBeVisible();
  });

  it('asks before the page is left while the secret is shown', async () => {
    await open();
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(leave()).toBe(false);
    await create();
    expect(leave()).toBe(true);
    await userEvent.click(
      screen.getByRole('button', { name: 'I have stored it' }),
    );
    expect(leave()).toBe(false);
  });

  it('makes one key of a double click', async () => {
    const { state } = await open();
    await userEvent.type(label(), 'payments-prod');
    await userEvent.dblClick(
      within(dialog()).getByRole('button', { name: 'Create key' }),
    );
    await screen.findByRole('dialog', { name: 'payments-prod is ready' });
    expect(state.apiKeys).toHaveLength(1);
  });

  it('makes one key of a retry, and says that its secret cannot be shown again', async () => {
    const { controlPlane, state } = await open();
    const handlers = portalHandlers(state);
    let lost = false;
    controlPlane.answer({
      createApiKey: async call => {
        const answer = await handlers.createApiKey!(call);
        if (lost) return answer;
        lost = true;
        throw new Refusal(502, 'The answer was lost');
      },
    });
    await userEvent.type(label(), 'payments-prod');
    await userEvent.click(screen.getByRole('button', { name: /Expires/ }));
    await userEvent.click(screen.getByRole('option', { name: 'In 7 days' }));
    await submit();
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The key was not created. The answer was lost',
    );

    await submit();
    expect(
      await screen.findByRole('dialog', {
        name: 'payments-prod exists already',
      }),
    ).toHaveTextContent('Its secret cannot be shown again');
    expect(state.apiKeys).toHaveLength(1);
    const [first, second] = controlPlane.callsOf('createApiKey');
    expect(idempotencyKeyOf(first)).toMatch(/^[0-9a-f]{32}$/);
    expect(idempotencyKeyOf(second)).toBe(idempotencyKeyOf(first));
    expect(second.body).toEqual(first.body);
  });

  it('is another request once something was changed after a failure', async () => {
    const { controlPlane } = await open();
    controlPlane.answer({
      createApiKey: () => {
        throw new Refusal(503, 'The database is not reachable');
      },
    });
    await userEvent.type(label(), 'payments-prod');
    await submit();
    await screen.findByRole('alert');
    await userEvent.type(label(), '-2');
    await submit();
    await screen.findByRole('alert');
    const [first, second] = controlPlane.callsOf('createApiKey');
    expect(idempotencyKeyOf(second)).not.toBe(idempotencyKeyOf(first));
  });

  it('says that the first call arrived, as soon as it has', async () => {
    const { state } = await open();
    await create();
    expect(screen.getByText('Waiting for the first call')).toBeVisible();
    state.apiKeys[0].lastUsedAt = new Date().toISOString();
    expect(await screen.findByText(/The first call arrived/)).toBeVisible();
  });

  it('validates as the API does, beside the fields, and sends nothing', async () => {
    const { controlPlane } = await open();
    await submit();
    expect(label()).toHaveAccessibleDescription(
      'Enter a label that tells this key from the others',
    );
    expect(label()).toHaveFocus();

    await userEvent.click(screen.getByRole('radio', { name: 'Only some' }));
    expect(
      screen.getByRole('textbox', { name: 'Models that it may call' }),
    ).toHaveAccessibleDescription(
      'Choose at least one model, or allow every model',
    );
    expect(controlPlane.callsOf('createApiKey')).toHaveLength(0);
  });

  it('shows what the API alone knows beside its field', async () => {
    const { controlPlane } = await open();
    controlPlane.answer({
      createApiKey: () => {
        throw new Refusal(400, 'The request is not valid', [
          { path: 'label', message: 'There is a key of this label already' },
        ]);
      },
    });
    await userEvent.type(label(), 'payments-prod');
    await submit();
    await waitFor(() =>
      expect(label()).toHaveAccessibleDescription(
        'There is a key of this label already',
      ),
    );
  });

  it('offers the applications of the own teams for an application key', async () => {
    const state = emptyPortal();
    const controlPlane = new ControlPlaneDouble(portalHandlers(state));
    const component = (name: string, owner: string) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name, namespace: 'default' },
      relations: [{ type: 'ownedBy', targetRef: owner }],
    });
    await renderPortal('/ai-gateway/api-keys?create=true', {
      controlPlane,
      entities: [
        component('checkout', 'group:default/payments'),
        component('crawler', 'group:default/search'),
      ],
    });
    await userEvent.type(
      await screen.findByRole('textbox', { name: 'Label' }),
      'checkout-prod',
    );
    await userEvent.click(
      screen.getByRole('radio', { name: 'An application' }),
    );
    await userEvent.click(screen.getByRole('textbox', { name: 'Application' }));
    const options = await screen.findAllByRole('option');
    expect(options.map(({ textContent }) => textContent)).toEqual([
      'checkoutcomponent:default/checkout',
    ]);
    await userEvent.click(options[0]);
    await submit();
    await screen.findByRole('dialog', { name: 'checkout-prod is ready' });
    expect(state.apiKeys[0].owner).toEqual({
      kind: 'app',
      ref: 'component:default/checkout',
    });
  });

  it('sends when the key shall expire', async () => {
    const { state } = await open();
    await userEvent.type(label(), 'hackathon');
    await userEvent.click(screen.getByRole('button', { name: /Expires/ }));
    await userEvent.click(screen.getByRole('option', { name: 'In 7 days' }));
    await submit();
    await screen.findByRole('dialog', { name: 'hackathon is ready' });
    const days =
      (Date.parse(state.apiKeys[0].expiresAt ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(7, 2);
  });

  it('tells those without a project what they need', async () => {
    const controlPlane = new ControlPlaneDouble(
      portalHandlers(emptyPortal({ me: engineerOf({ projects: [] }) })),
    );
    await renderPortal('/ai-gateway/api-keys?create=true', { controlPlane });
    expect(await screen.findByText('You have no project yet')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
});
