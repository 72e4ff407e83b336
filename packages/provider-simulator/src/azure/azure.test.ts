import OpenAI, { AzureOpenAI, NotFoundError } from 'openai';
import { eventsOf } from '../__testUtils__/events';
import { post } from '../__testUtils__/exchange';
import { startProviderSimulator, type ProviderSimulator } from '../server';

const messages = [
  { role: 'user' as const, content: 'Why do ledgers balance?' },
];
const VERSION = 'api-version=2024-10-21';

describe('Azure URLs', () => {
  let simulator: ProviderSimulator;

  beforeAll(async () => {
    simulator = await startProviderSimulator({
      apiKey: 'the-key',
      azureToken: 'the-token',
    });
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.close());

  const clientWith = (
    credential:
      { apiKey: string } | { azureADTokenProvider: () => Promise<string> },
  ) =>
    new AzureOpenAI({
      endpoint: simulator.url,
      apiVersion: '2024-10-21',
      deployment: 'our-gpt',
      maxRetries: 0,
      ...credential,
    });
  const chatAt = (
    path: string,
    headers: Record<string, string> = { 'api-key': 'the-key' },
    body: object = {},
  ) => post(`${simulator.url}${path}`, { messages, ...body }, headers);

  it('answers the deployment of the URL, by key and by token', async () => {
    for (const client of [
      clientWith({ apiKey: 'the-key' }),
      clientWith({ azureADTokenProvider: async () => 'the-token' }),
    ]) {
      const completion = await client.chat.completions.create({
        model: 'ignored',
        messages,
      });
      expect(completion).toMatchObject({
        model: 'our-gpt',
        choices: [{ content_filter_results: { hate: { filtered: false } } }],
        prompt_filter_results: [{ prompt_index: 0 }],
      });
    }
    expect(simulator.stats().byModel).toMatchObject({
      'our-gpt': { requests: 2 },
    });
  });

  it('begins a stream with the verdict on the prompt and no choice', async () => {
    const { text, headers } = await chatAt(
      `/openai/deployments/our-gpt/chat/completions?${VERSION}`,
      { 'api-key': 'the-key' },
      { stream: true },
    );
    const [first, second] = eventsOf(text);
    expect(first.data).toEqual({
      choices: [],
      created: 0,
      id: '',
      model: '',
      object: '',
      prompt_filter_results: [expect.objectContaining({ prompt_index: 0 })],
    });
    expect(second.data).toMatchObject({
      choices: [{ delta: { role: 'assistant' } }],
    });
    expect(headers['apim-request-id']).toMatch(/^\w+$/);
  });

  it('serves completions and embeddings of a deployment', async () => {
    const client = clientWith({ apiKey: 'the-key' });
    await expect(
      client.completions.create({ model: 'x', prompt: 'Once' }),
    ).resolves.toMatchObject({ object: 'text_completion', model: 'our-gpt' });
    await expect(
      client.embeddings.create({ model: 'x', input: 'Once' }),
    ).resolves.toMatchObject({ object: 'list', model: 'our-gpt' });
  });

  it('serves the newer URLs without a version, the model in the body', async () => {
    const client = new OpenAI({
      baseURL: `${simulator.url}/openai/v1`,
      apiKey: 'the-key',
    });
    await expect(
      client.chat.completions.create({ model: 'our-gpt', messages }),
    ).resolves.toMatchObject({ model: 'our-gpt' });
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
    const { status } = await chatAt(
      '/openai/v1/chat/completions',
      { authorization: 'Bearer the-token' },
      { model: 'our-gpt' },
    );
    expect(status).toBe(200);
  });

  it.each([
    ['no credential', {}, 'invalid subscription key'],
    ['a wrong key', { 'api-key': 'wrong' }, 'invalid subscription key'],
    ['a wrong token', { authorization: 'Bearer wrong' }, 'Access token'],
    [
      'the key where a token belongs',
      { authorization: 'Bearer the-key' },
      'Access token',
    ],
  ])('refuses %s', async (_, headers, message) => {
    const { status, text } = await chatAt(
      `/openai/deployments/our-gpt/chat/completions?${VERSION}`,
      headers,
    );
    expect(status).toBe(401);
    expect(JSON.parse(text)).toEqual({
      error: { code: '401', message: expect.stringContaining(message) },
    });
  });

  it.each([
    ['/openai/deployments/our-gpt/chat/completions', 404, '404'],
    ['/openai/deployments/our-gpt/chat/completions?api-version=', 404, '404'],
    [
      '/openai/deployments/our-gpt/chat/completions?api-version=newest',
      400,
      'BadRequest',
    ],
    [`/openai/deployments/our-gpt/dance?${VERSION}`, 404, '404'],
  ])('%s is %p', async (path, status, code) => {
    const reply = await chatAt(path);
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.text).error.code).toBe(code);
  });

  it('does not find a deployment that is not there', async () => {
    const strict = await startProviderSimulator({ unlistedModels: 'refuse' });
    try {
      const call = new AzureOpenAI({
        endpoint: strict.url,
        apiVersion: '2024-10-21',
        apiKey: 'any',
        maxRetries: 0,
      }).chat.completions.create({ model: 'gone', messages });
      await expect(call).rejects.toThrow(NotFoundError);
      await expect(call).rejects.toMatchObject({ code: 'DeploymentNotFound' });
    } finally {
      await strict.close();
    }
  });

  it('tells of limits and faults in its own words, of bad requests in OpenAI’s', async () => {
    const limited = await chatAt(
      `/openai/deployments/our-gpt+status-429/chat/completions?${VERSION}`,
    );
    expect(limited.status).toBe(429);
    expect(JSON.parse(limited.text).error).toMatchObject({ code: '429' });
    const invalid = await chatAt(
      `/openai/deployments/our-gpt/chat/completions?${VERSION}`,
      { 'api-key': 'the-key' },
      { messages: [] },
    );
    expect(JSON.parse(invalid.text).error).toMatchObject({ param: 'messages' });
  });
});
