import type { ProviderTestResult } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { address } from '../../../__testUtils__/renderPortal';
import { providerOf, uuidOf } from '../__testUtils__/adminFixtures';
import { fill, openAdmin, panel, press } from '../__testUtils__/openAdmin';

const OPENAI = providerOf('openai', { title: 'OpenAI' });
const NOT_CONNECTED: ProviderTestResult = {
  ok: false,
  latencyMs: null,
  models: [],
  failure: 'unreachable',
  message: 'Nothing answers there. Check the host name.',
};

describe('the form', () => {
  it('says beside each field what is wrong with it, and sends nothing', async () => {
    const { controlPlane } = await openAdmin('/providers?provider=new');
    const drawer = await panel('Register provider');
    await fill(drawer, 'Name', 'Open AI');
    await fill(drawer, 'Base URL', 'https://me:secret@api.openai.com/v1');
    await fill(drawer, 'Secret reference', 'sk-123');
    await press('Register provider', drawer);
    for (const [field, problem] of [
      ['Name', /Use lower-case letters/],
      ['Title', /Enter a title/],
      ['Base URL', /Leave credentials out of the URL/],
      ['Secret reference', /Name an environment variable of the gateway/],
    ] as const) {
      const input = within(drawer).getByRole('textbox', {
        name: new RegExp(`^${field}`),
      });
      expect(input).toBeInvalid();
      expect(input).toHaveAccessibleDescription(problem);
    }
    expect(controlPlane.callsOf('createProvider')).toEqual([]);
  });

  it('shows beside the name that it is taken', async () => {
    await openAdmin('/providers?provider=new', { providers: [OPENAI] });
    const drawer = await panel('Register provider');
    await fill(drawer, 'Name', 'openai');
    await fill(drawer, 'Title', 'Another');
    await fill(drawer, 'Base URL', 'https://other.example.com/v1');
    await press('Register provider', drawer);
    await waitFor(() =>
      expect(
        within(drawer).getByRole('textbox', { name: /^Name/ }),
      ).toHaveAccessibleDescription("There is a provider 'openai' already"),
    );
  });

  it('tries the connection before it is saved, and forgets the result when it no longer holds', async () => {
    const { controlPlane } = await openAdmin('/providers?provider=new');
    const drawer = await panel('Register provider');
    await press('Test connection', drawer);
    expect(
      within(drawer).getByRole('textbox', { name: /^Base URL/ }),
    ).toBeInvalid();
    expect(controlPlane.callsOf('testProviderDraft')).toEqual([]);

    await fill(drawer, 'Base URL', 'https://api.openai.com/v1');
    await press('Test connection', drawer);
    expect(
      await within(drawer).findByText('Connected in 143 ms, 2 models'),
    ).toBeVisible();
    expect(within(drawer).getByText('gpt-4o, gpt-4o-mini')).toBeVisible();
    expect(controlPlane.callsOf('testProviderDraft')[0].body).toEqual({
      kind: 'openai',
      baseUrl: 'https://api.openai.com/v1',
      secretRef: null,
      settings: {},
    });

    await fill(drawer, 'Base URL', 'https://api.openai.com/v2');
    expect(within(drawer).queryByText(/Connected in/)).not.toBeInTheDocument();
  });

  it('says what happened and what to do where there is no connection', async () => {
    await openAdmin('/providers?provider=new', { connection: NOT_CONNECTED });
    const drawer = await panel('Register provider');
    await fill(drawer, 'Base URL', 'https://down.example.com/v1');
    await press('Test connection', drawer);
    expect(await within(drawer).findByText('Not connected')).toBeVisible();
    expect(within(drawer).getByText(NOT_CONNECTED.message)).toBeVisible();
  });

  it('asks for what only Azure OpenAI needs, and says beside it what is wrong', async () => {
    const { controlPlane } = await openAdmin('/providers?provider=new');
    const drawer = await panel('Register provider');
    const kind = within(drawer).getByRole('button', { name: /^Kind/ });
    expect(
      within(drawer).queryByRole('textbox', { name: /^API version/ }),
    ).not.toBeInTheDocument();
    await userEvent.click(kind);
    await userEvent.click(
      await screen.findByRole('option', { name: 'Azure OpenAI' }),
    );
    await fill(drawer, 'Name', 'azure-eu');
    await fill(drawer, 'Title', 'Azure (EU)');
    await fill(drawer, 'Base URL', 'https://eu.openai.azure.com');
    await fill(drawer, 'API version', 'newest');
    await press('Register provider', drawer);
    const version = within(drawer).getByRole('textbox', {
      name: /^API version/,
    });
    expect(version).toHaveAccessibleDescription(/Enter a version of the API/);
    expect(controlPlane.callsOf('createProvider')).toEqual([]);

    await fill(drawer, 'API version', '2024-10-21');
    await press('Register provider', drawer);
    await waitFor(() =>
      expect(controlPlane.callsOf('createProvider')[0]?.body).toMatchObject({
        kind: 'azure-openai',
        settings: { apiVersion: '2024-10-21' },
      }),
    );
  });

  it('explains that somebody was faster, and begins anew with what they saved', async () => {
    const { state } = await openAdmin(`/providers?provider=${OPENAI.id}`, {
      providers: [{ ...OPENAI }],
    });
    const drawer = await panel('Edit OpenAI');
    await fill(drawer, 'Title', 'Mine');
    Object.assign(state.providers[0], { title: 'Theirs', version: 2 });
    await press('Save provider', drawer);
    expect(await within(drawer).findByRole('alert')).toHaveTextContent(
      'The provider was not saved. user:default/grace changed this.',
    );
    expect(state.providers[0].title).toBe('Theirs');

    await press('Load newest version', drawer);
    const again = await panel('Edit Theirs');
    await waitFor(() =>
      expect(
        within(again).getByRole('textbox', { name: /^Title/ }),
      ).toHaveValue('Theirs'),
    );
    await fill(again, 'Title', 'Ours');
    await press('Save provider', again);
    await waitFor(() =>
      expect(state.providers[0]).toMatchObject({ title: 'Ours', version: 3 }),
    );
    expect(address()).toBe('/ai-gateway/admin/providers');
  });

  it('changes the version that it was filled with, although the list was refreshed since', async () => {
    const { state, controlPlane } = await openAdmin('/providers', {
      providers: [{ ...OPENAI }],
    });
    await press('Edit OpenAI');
    const drawer = await panel('Edit OpenAI');
    Object.assign(state.providers[0], {
      baseUrl: 'https://new/v1',
      version: 2,
    });
    await press('Test connection', drawer);
    await fill(drawer, 'Title', 'Mine');
    await press('Save provider', drawer);
    await within(drawer).findByRole('alert');
    expect(controlPlane.callsOf('updateProvider')[0].body).toMatchObject({
      version: 1,
    });
  });
});

describe('the list', () => {
  it('tries a saved connection in its row', async () => {
    await openAdmin('/providers', {
      providers: [OPENAI],
      connection: NOT_CONNECTED,
    });
    await press('Test connection of OpenAI');
    const row = (await screen.findByText('Not connected')).closest('tr');
    expect(row).toHaveTextContent('OpenAI');
    expect(row).toHaveTextContent(NOT_CONNECTED.message);
  });

  it('asks before a provider is deleted', async () => {
    const { state } = await openAdmin('/providers', {
      providers: [OPENAI, providerOf('gpu', { id: uuidOf(2), title: 'GPU' })],
    });
    await press('Delete GPU');
    const dialog = await panel('Delete GPU?');
    await press('Keep provider', dialog);
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(state.providers).toHaveLength(2);

    await press('Delete GPU');
    await press('Delete provider', await panel('Delete GPU?'));
    await waitFor(() =>
      expect(screen.queryByText('GPU')).not.toBeInTheDocument(),
    );
    expect(state.providers.map(({ name }) => name)).toEqual(['openai']);
  });

  it('opens what the address names', async () => {
    await openAdmin('/providers', { providers: [OPENAI] });
    await userEvent.click(await screen.findByRole('link', { name: 'OpenAI' }));
    expect(await panel('Edit OpenAI')).toBeVisible();
    expect(address()).toBe(`/ai-gateway/admin/providers?provider=${OPENAI.id}`);
  });
});
