import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  ControlPlaneDouble,
  Refusal,
} from '../../__testUtils__/ControlPlaneDouble';
import { apiKeyOf, projectOf } from '../../__testUtils__/fixtures';
import {
  emptyPortal,
  portalHandlers,
  type PortalState,
} from '../../__testUtils__/portalHandlers';
import { address, renderPortal } from '../../__testUtils__/renderPortal';

const inDays = (days: number) =>
  new Date(Date.now() + days * 86_400_000).toISOString();

async function open(some: Partial<PortalState> = {}, query = '') {
  const state = emptyPortal({
    projects: [
      projectOf('payments', { title: 'Payments' }),
      projectOf('search', { title: 'Search' }),
    ],
    apiKeys: [
      apiKeyOf('payments-prod', {
        lastFour: 'Qk7z',
        owner: { kind: 'app', ref: 'component:default/checkout' },
        modelScope: ['a', 'b', 'c'],
        lastUsedAt: inDays(-2),
        expiresAt: inDays(3),
      }),
      apiKeyOf('crawler', { projectId: 'search', state: 'revoked' }),
    ],
    ...some,
  });
  const controlPlane = new ControlPlaneDouble(portalHandlers(state));
  await renderPortal(`/ai-gateway/api-keys${query}`, { controlPlane });
  return { state, controlPlane };
}

const row = (name: RegExp) => screen.findByRole('row', { name });

describe('ApiKeysPage', () => {
  it('shows of each key whose it is, what it opens and how it was used', async () => {
    await open();
    const prod = await row(/payments-prod/);
    await waitFor(() => expect(prod).toHaveTextContent('Payments'));
    expect(prod).toHaveTextContent('…Qk7z');
    expect(prod).toHaveTextContent('checkout');
    expect(prod).toHaveTextContent('3 models');
    expect(prod).toHaveTextContent('2 days ago');
    expect(prod).toHaveTextContent('in 3 days');
    expect(prod).toHaveTextContent('Active');
  });

  it('offers to revoke only what can be revoked', async () => {
    await open({
      apiKeys: [
        apiKeyOf('mine'),
        apiKeyOf('foreign', { canRevoke: false }),
        apiKeyOf('gone', { state: 'revoked' }),
      ],
    });
    await row(/mine/);
    expect(
      screen
        .getAllByRole('button', { name: /^Revoke key/ })
        .map(button => button.getAttribute('aria-label')),
    ).toEqual(['Revoke key mine']);
  });

  it('revokes a key after saying what follows', async () => {
    const { state } = await open();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Revoke key payments-prod' }),
    );
    const dialog = screen.getByRole('dialog', {
      name: 'Revoke payments-prod?',
    });
    expect(dialog).toHaveTextContent('It was last used 2 days ago.');
    expect(dialog).toHaveTextContent('…Qk7z fail within a second');
    expect(state.apiKeys[0].state).toBe('active');

    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Revoke key' }),
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(await row(/payments-prod/)).toHaveTextContent('Revoked');
  });

  it('keeps the key when asked to', async () => {
    const { controlPlane } = await open();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Revoke key payments-prod' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Keep key' }));
    expect(controlPlane.callsOf('revokeApiKey')).toHaveLength(0);
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('says in the dialog why a key was not revoked', async () => {
    const { controlPlane } = await open();
    controlPlane.answer({
      revokeApiKey: () => {
        throw new Refusal(503, 'The database is not reachable.');
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Revoke key payments-prod' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Revoke key' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The key was not revoked. The database is not reachable.',
    );
  });

  it('narrows the keys to a project, and keeps that in the address', async () => {
    const { controlPlane } = await open();
    await row(/payments-prod/);
    await userEvent.click(screen.getByRole('button', { name: 'Project' }));
    await userEvent.click(screen.getByRole('option', { name: 'Search' }));
    await waitFor(() =>
      expect(
        screen.queryByRole('row', { name: /payments-prod/ }),
      ).not.toBeInTheDocument(),
    );
    expect(await row(/crawler/)).toBeVisible();
    expect(address()).toBe('/ai-gateway/api-keys?project=search');
    expect(controlPlane.callsOf('listApiKeys').at(-1)?.query).toMatchObject({
      projectId: 'search',
    });
  });

  it('filters by status and by words', async () => {
    const { controlPlane } = await open();
    await row(/payments-prod/);
    await userEvent.click(screen.getByRole('button', { name: 'Status' }));
    await userEvent.click(screen.getByRole('option', { name: 'Revoked' }));
    await waitFor(() =>
      expect(
        screen.queryByRole('row', { name: /payments-prod/ }),
      ).not.toBeInTheDocument(),
    );
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search keys' }),
      'nothing',
    );
    expect(await screen.findByText('No key matches')).toBeVisible();
    expect(address()).toBe('/ai-gateway/api-keys?state=revoked&search=nothing');
    expect(controlPlane.callsOf('listApiKeys').at(-1)?.query).toMatchObject({
      state: 'revoked',
      search: 'nothing',
    });

    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    expect(await row(/payments-prod/)).toBeVisible();
  });

  it('shows a long list page by page', async () => {
    const apiKeys = Array.from({ length: 26 }, (_, index) =>
      apiKeyOf(`key-${index}`, { id: `Key${String(index).padStart(9, '0')}` }),
    );
    await open({ apiKeys });
    await row(/key-24/);
    expect(screen.getByText('1-25 of 26')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
    expect(await row(/key-25/)).toBeVisible();
    expect(address()).toBe('/ai-gateway/api-keys?page=2');
  });

  it('says what a key is for where there is none, and creates the first', async () => {
    await open({ apiKeys: [] });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Create your first key' }),
    );
    expect(
      await screen.findByRole('dialog', { name: 'Create an API key' }),
    ).toBeVisible();
    expect(address()).toBe('/ai-gateway/api-keys?create=true');
  });

  it('shows when a key was used without a reload', async () => {
    const { state } = await open();
    const crawler = await row(/crawler/);
    expect(crawler).toHaveTextContent('Never');
    state.apiKeys[1].lastUsedAt = new Date().toISOString();
    await waitFor(() => expect(crawler).toHaveTextContent('now'));
  });

  it('keeps the keys in sight when they cannot be refreshed, and says so', async () => {
    const { controlPlane } = await open();
    await row(/payments-prod/);
    controlPlane.answer({
      listApiKeys: () => {
        throw new Refusal(503, 'The database is not reachable.');
      },
    });
    expect(
      await screen.findByText(/this may be out of date/),
    ).toHaveTextContent('The database is not reachable.');
    expect(await row(/payments-prod/)).toBeVisible();
  });

  it('shows a skeleton while the keys load', async () => {
    const controlPlane = new ControlPlaneDouble({
      ...portalHandlers(emptyPortal()),
      listApiKeys: () => new Promise(() => {}),
    });
    await renderPortal('/ai-gateway/api-keys', { controlPlane });
    expect(
      await screen.findByRole('status', { name: 'Loading API keys' }),
    ).toHaveAttribute('aria-busy', 'true');
  });

  it.each([
    [503, 'API keys could not be loaded'],
    [403, 'You may not see this'],
  ])('explains a refusal with status %i', async (status, title) => {
    const controlPlane = new ControlPlaneDouble({
      ...portalHandlers(emptyPortal()),
      listApiKeys: () => {
        throw new Refusal(status, 'No');
      },
    });
    await renderPortal('/ai-gateway/api-keys', { controlPlane });
    expect(await screen.findByText(title)).toBeVisible();
  });
});
