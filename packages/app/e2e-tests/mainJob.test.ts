import {
  endpoints,
  formatUsd,
  nanoToUsd,
  usdToNano,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { expect, type Page, test } from '@playwright/test';
import OpenAI from 'openai';
import {
  GATEWAY_BASE_URL,
  PEOPLE,
  type Session,
  signIn,
  SIMULATOR_BASE_URL,
} from './portal';

/** Tells this run from others against the same stack. */
const RUN = Date.now().toString(36);
const MODEL = { id: `e2e-chat-${RUN}`, title: `End-to-end chat ${RUN}` };
const PROVIDER = { name: `e2e-${RUN}`, title: `End-to-end provider ${RUN}` };
const KEY_LABEL = `e2e-laptop-${RUN}`;
const PRICE = { input: '0.15', output: '0.6' };
/** How soon what an admin did, or an application used, must be seen. */
const SOON_MS = 2_000;

interface Used {
  input: number;
  output: number;
}

/** What the price says that requests cost: each is rounded once, half up, to the nano-dollar. */
function costOf(requests: readonly Used[]): bigint {
  return requests.reduce(
    (sum, { input, output }) =>
      sum +
      (BigInt(input) * usdToNano(PRICE.input) +
        BigInt(output) * usdToNano(PRICE.output) +
        500_000n) /
        1_000_000n,
    0n,
  );
}

function client(apiKey: string): OpenAI {
  return new OpenAI({ baseURL: GATEWAY_BASE_URL, apiKey, maxRetries: 0 });
}

function usedOf(usage: OpenAI.CompletionUsage | null | undefined): Used {
  expect(usage).toBeTruthy();
  return {
    input: usage?.prompt_tokens ?? 0,
    output: usage?.completion_tokens ?? 0,
  };
}

/** What the control plane has counted of the model in the last day. */
async function reportOf(session: Session) {
  const now = Date.now();
  return session.call(endpoints.getUsage, {
    query: {
      from: new Date(now - 86_400_000).toISOString(),
      to: new Date(now + 3_600_000).toISOString(),
      bucket: 'hour',
      modelId: MODEL.id,
    },
  });
}

async function fillProvider(page: Page): Promise<void> {
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill(PROVIDER.name);
  await form.getByLabel('Title').fill(PROVIDER.title);
  await form.getByLabel('Base URL').fill(SIMULATOR_BASE_URL);
  await form.getByLabel('Secret reference').fill('env://SIMULATOR_API_KEY');
}

test.describe.configure({ mode: 'serial' });

test.describe('from a provider to a metered completion', () => {
  let secret: string;
  const used: Used[] = [];

  test('the admin registers a provider, adds a model, prices and publishes it', async ({
    page,
  }) => {
    const session = await signIn(page, PEOPLE.admin);

    await page.goto('/ai-gateway/admin/providers');
    await page.getByRole('button', { name: 'Register provider' }).click();
    await fillProvider(page);
    await page.getByRole('button', { name: 'Test connection' }).last().click();
    await expect(page.getByText('sim-instant').first()).toBeVisible();
    await page.getByRole('button', { name: 'Register provider' }).click();
    await expect(
      page.getByRole('row', { name: new RegExp(PROVIDER.title) }),
    ).toBeVisible();

    await page.goto('/ai-gateway/admin/models?model=new');
    const form = page.getByRole('dialog');
    await form.getByLabel('Model id').fill(MODEL.id);
    await form.getByLabel('Title').fill(MODEL.title);
    await form.getByLabel('Context window').fill('128000');
    await form.getByRole('button', { name: 'Add model' }).click();

    await expect(page).toHaveURL(new RegExp(`/admin/models/${MODEL.id}`));
    await page.goto(
      `/ai-gateway/admin/models/${MODEL.id}?panel=add-deployment`,
    );
    await page.getByLabel('Provider', { exact: false }).first().click();
    await page
      .getByRole('option', { name: new RegExp(PROVIDER.title) })
      .click();
    await page.getByLabel('Upstream model').fill('sim-instant');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Add deployment' })
      .click();
    await expect(
      page.getByText('Set a price to publish').first(),
    ).toBeVisible();

    await page
      .getByRole('button', { name: /^Set price/ })
      .first()
      .click();
    const price = page.getByRole('dialog');
    await price.getByLabel(/^Input/).fill('-1');
    await price.getByLabel(/^Output/).fill(PRICE.output);
    await price.getByRole('button', { name: 'Add price' }).click();
    await expect(price.getByText('A price cannot be negative')).toBeVisible();
    await price.getByLabel(/^Input/).fill(PRICE.input);
    await price.getByRole('button', { name: 'Add price' }).click();
    await expect(price).toBeHidden();

    await page
      .getByRole('button', { name: /^Publish/ })
      .first()
      .click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Publish/ })
      .click();
    await expect(
      page.getByRole('button', { name: /^Unpublish/ }).first(),
    ).toBeVisible();
    const published = Date.now();

    await expect
      .poll(() => modelsOfDemoKey(), { timeout: SOON_MS, intervals: [100] })
      .toContain(MODEL.id);
    const servedAfter = Date.now() - published;
    await expect
      .poll(() => session.catalogHasResource(MODEL.id), {
        timeout: SOON_MS,
        intervals: [100],
      })
      .toBe(true);
    test.info().annotations.push({
      type: 'seen after',
      description: `gateway ${servedAfter} ms, catalog ${
        Date.now() - published
      } ms`,
    });
  });

  test('an engineer finds the model, in the catalog and on the Models page', async ({
    page,
  }) => {
    await signIn(page, PEOPLE.payments);

    await page.goto('/catalog?filters[kind]=resource&filters[user]=all');
    await page.getByPlaceholder('Search').last().fill(MODEL.title);
    await expect(page.getByRole('link', { name: MODEL.title })).toBeVisible();

    await page.goto(`/catalog/default/resource/${MODEL.id}`);
    const card = page.getByText('Context window').first();
    await expect(card).toBeVisible();
    await expect(page.getByText('128K tokens').first()).toBeVisible();
    await expect(page.getByText('$0.15').first()).toBeVisible();
    await page.goto(`/catalog/default/resource/${MODEL.id}/ai-model`);
    await expect(
      page.getByText(`"model": "${MODEL.id}"`).first(),
    ).toBeVisible();

    await page.goto('/ai-gateway/models');
    await page.getByPlaceholder('Search models').fill(MODEL.id);
    await expect(
      page.getByRole('article', { name: MODEL.title }),
    ).toBeVisible();
    await expect(page.getByRole('article')).toHaveCount(1);
    await expect(page).toHaveURL(new RegExp(MODEL.id));
  });

  test('creates a key, calls the model with the OpenAI SDK, and sees the first call arrive', async ({
    page,
  }) => {
    const session = await signIn(page, PEOPLE.payments);
    await page.goto('/ai-gateway/models');
    await page
      .getByRole('article', { name: MODEL.title })
      .getByText('Create key')
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await expect(dialog.getByText('Enter a label')).toBeVisible();
    await dialog.getByLabel('Label').fill(KEY_LABEL);
    await dialog.getByRole('button', { name: 'Create key' }).click();

    secret = await dialog.getByLabel('API key', { exact: true }).innerText();
    expect(secret).toMatch(/^aigw_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_\w{6}$/);
    for (const language of ['curl', 'JavaScript', 'Python']) {
      await dialog.getByRole('tab', { name: language }).click();
      const snippet = dialog.getByRole('tabpanel');
      await expect(snippet).toContainText(secret);
      await expect(snippet).toContainText(MODEL.id);
      await expect(snippet).toContainText(GATEWAY_BASE_URL);
    }
    await expect(dialog.getByText('Waiting for the first call')).toBeVisible();

    const openai = client(secret);
    const whole = await openai.chat.completions.create({
      model: MODEL.id,
      messages: [{ role: 'user', content: 'Why is the sky blue?' }],
    });
    expect(whole.choices[0].message.content).toMatch(/sky/i);
    used.push(usedOf(whole.usage));

    const stream = await openai.chat.completions.create({
      model: MODEL.id,
      messages: [{ role: 'user', content: 'And why is it red at night?' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? '';
      if (chunk.usage) used.push(usedOf(chunk.usage));
    }
    const ended = Date.now();
    expect(text).toMatch(/red|night/i);
    expect(used).toHaveLength(2);

    await expect
      .poll(async () => (await reportOf(session)).totals.requests, {
        timeout: SOON_MS,
        intervals: [50],
      })
      .toBe(2);
    test.info().annotations.push({
      type: 'counted after',
      description: `${Date.now() - ended} ms`,
    });
    await expect(dialog.getByText('The first call arrived')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog.getByText(secret).first()).toBeVisible();
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await expect(
      page.getByRole('row', { name: new RegExp(KEY_LABEL) }),
    ).toBeVisible();
    await expect(page.getByText(secret)).toHaveCount(0);
  });

  test('sees a request on the Usage page within two seconds, to the nano-dollar', async ({
    page,
  }) => {
    const session = await signIn(page, PEOPLE.payments);
    await page.goto('/ai-gateway/usage?range=24h');
    const requests = page.getByText('Requests', { exact: true }).first();
    await expect(requests).toBeVisible();
    await expect(
      page.getByText(formatUsd(nanoToUsd(costOf(used)), 'en-US')).first(),
    ).toBeVisible();

    // A stream that does not ask for usage is counted all the same.
    const stream = await client(secret).chat.completions.create({
      model: MODEL.id,
      messages: [{ role: 'user', content: 'One more, please.' }],
      stream: true,
    });
    for await (const chunk of stream) {
      expect(chunk.choices).not.toHaveLength(0);
      expect(chunk.usage ?? null).toBeNull();
    }

    const before = costOf(used);
    await expect(
      page.getByText(formatUsd(nanoToUsd(before), 'en-US')).first(),
    ).toBeHidden({ timeout: SOON_MS });

    const report = await reportOf(session);
    const { tokens } = report.totals;
    const known = used.reduce(
      (sum, { input, output }) => ({
        input: sum.input + input,
        output: sum.output + output,
      }),
      { input: 0, output: 0 },
    );
    used.push({
      input: tokens.input - known.input,
      output: tokens.output - known.output,
    });
    expect(report.totals).toMatchObject({
      requests: 3,
      errors: 0,
      costUsd: nanoToUsd(costOf(used)),
    });
    expect(used[2].input).toBeGreaterThan(0);
    expect(used[2].output).toBeGreaterThan(0);
    await expect(
      page.getByText(formatUsd(report.totals.costUsd, 'en-US')).first(),
    ).toBeVisible();
  });

  test('another team sees neither the key nor the usage, whatever it asks for', async ({
    page,
  }) => {
    const session = await signIn(page, PEOPLE.search);
    expect((await reportOf(session)).totals.requests).toBe(0);
    const apiKeyId = secret.split('_')[1];
    await expect(
      session.call(endpoints.getApiKey, { params: { apiKeyId } }),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      session.call(endpoints.revokeApiKey, { params: { apiKeyId } }),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      session.call(endpoints.createApiKey, {
        body: { label: 'not mine', projectId: 'payments-assistant' },
      }),
    ).rejects.toMatchObject({ status: 404 });

    await page.goto('/ai-gateway/api-keys');
    await expect(page.getByText(KEY_LABEL)).toHaveCount(0);
    await page.goto('/ai-gateway/admin/providers');
    await expect(page.getByText('You may not see this')).toBeVisible();
  });

  test('the owner revokes the key, and the next call is refused with the reason', async ({
    page,
  }) => {
    await signIn(page, PEOPLE.payments);
    await page.goto('/ai-gateway/api-keys');
    await page.getByRole('button', { name: `Revoke key ${KEY_LABEL}` }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(`Revoke ${KEY_LABEL}?`);
    await dialog.getByRole('button', { name: 'Revoke key' }).click();
    await expect(
      page
        .getByRole('row', { name: new RegExp(KEY_LABEL) })
        .getByText('Revoked'),
    ).toBeVisible();

    await expect
      .poll(() => codeOfCall(secret), { timeout: 1_000, intervals: [50] })
      .toBe('revoked_api_key');
  });

  test('the admin unpublishes the model, and it is gone everywhere', async ({
    page,
  }) => {
    const session = await signIn(page, PEOPLE.admin);
    await page.goto(`/ai-gateway/admin/models/${MODEL.id}`);
    await page
      .getByRole('button', { name: /^Unpublish/ })
      .first()
      .click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Unpublish/ })
      .click();
    await expect(
      page.getByRole('button', { name: /^Publish/ }).first(),
    ).toBeVisible();

    await expect
      .poll(() => modelsOfDemoKey(), { timeout: SOON_MS, intervals: [100] })
      .not.toContain(MODEL.id);
    await expect
      .poll(() => session.catalogHasResource(MODEL.id), {
        timeout: SOON_MS,
        intervals: [100],
      })
      .toBe(false);
    await page.goto('/ai-gateway/models');
    await expect(page.getByRole('article').first()).toBeVisible();
    await expect(page.getByRole('article', { name: MODEL.title })).toHaveCount(
      0,
    );
  });
});

/** What the gateway lists, for the key that the stack made for itself. */
async function modelsOfDemoKey(): Promise<string[]> {
  const listed = await client(process.env.DEMO_API_KEY ?? '').models.list();
  return listed.data.map(model => model.id);
}

async function codeOfCall(apiKey: string): Promise<string> {
  try {
    await client(apiKey).models.list();
    return 'served';
  } catch (error) {
    return error instanceof OpenAI.AuthenticationError
      ? String(error.code)
      : 'another error';
  }
}
