import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import OpenAI from 'openai';
import { post } from '../__testUtils__/exchange';
import { startProviderSimulator, type ProviderSimulator } from '../server';

describe('embeddings', () => {
  let simulator: ProviderSimulator;
  let client: OpenAI;

  beforeAll(async () => {
    simulator = await startProviderSimulator();
    client = new OpenAI({
      baseURL: `${simulator.url}/v1`,
      apiKey: 'unused',
      maxRetries: 0,
    });
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.close());

  const create = (more: Partial<OpenAI.EmbeddingCreateParams>) =>
    client.embeddings.create({
      model: 'sim-small',
      input: 'A ledger',
      ...more,
    });
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, index) => sum + value * b[index], 0);

  it('gives each text its own vector of length 1, always the same', async () => {
    const { data, usage } = await create({ input: ['A ledger', 'A cat'] });
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    const [ledger, cat] = data.map(({ embedding }) => embedding);
    expect(ledger).toHaveLength(1_536);
    expect(dot(ledger, ledger)).toBeCloseTo(1, 5);
    expect(Math.abs(dot(ledger, cat))).toBeLessThan(0.2);
    expect((await create({})).data[0].embedding).toEqual(ledger);
    const tokens = encode('A ledger').length + encode('A cat').length;
    expect(usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens });
    expect(simulator.stats().tokens).toMatchObject({ completion: 0 });
  });

  it('says the same in numbers and in base64', async () => {
    const ask = async (encoding: 'float' | 'base64') =>
      JSON.parse(
        (
          await post(`${simulator.url}/v1/embeddings`, {
            model: 'm',
            input: 'A ledger',
            dimensions: 8,
            encoding_format: encoding,
          })
        ).text,
      ).data[0].embedding;
    const bytes = Buffer.from(await ask('base64'), 'base64');
    const numbers = Array.from({ length: 8 }, (_, at) =>
      bytes.readFloatLE(at * 4),
    );
    expect(await ask('float')).toEqual(numbers);
  });

  it('shortens a vector by its end, and keeps its length 1', async () => {
    const long = (await create({})).data[0].embedding;
    const short = (await create({ dimensions: 100 })).data[0].embedding;
    expect(short).toHaveLength(100);
    expect(dot(short, short)).toBeCloseTo(1, 5);
    expect(short[7] / short[3]).toBeCloseTo(long[7] / long[3], 4);
  });

  it('takes tokens for text, alone and in batches', async () => {
    const tokens = encode('A ledger');
    const text = (await create({})).data[0].embedding;
    expect((await create({ input: tokens })).data[0].embedding).toEqual(text);
    const batch = await create({ input: [tokens, tokens] });
    expect(batch.data).toHaveLength(2);
    expect(batch.usage.prompt_tokens).toBe(2 * tokens.length);
  });

  it.each([
    [{ input: undefined }, 'input'],
    [{ input: '' }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: ['x', 7] }, 'input'],
    [{ input: 'word '.repeat(9_000) }, 'input'],
    [{ input: Array.from({ length: 2_049 }, () => 'x') }, 'input'],
    [{ dimensions: 0 }, 'dimensions'],
    [{ encoding_format: 'hex' }, 'encoding_format'],
  ])('refuses a request (%#)', async (more, param) => {
    const { status, text } = await post(`${simulator.url}/v1/embeddings`, {
      model: 'm',
      input: 'x',
      ...more,
    });
    expect(status).toBe(400);
    expect(JSON.parse(text).error.param).toBe(param);
  });

  it('has faults too', async () => {
    const ask = (fault: string) =>
      post(
        `${simulator.url}/v1/embeddings`,
        { model: 'm', input: 'x' },
        { 'x-sim-fault': fault },
      );
    expect((await ask('status-503')).status).toBe(503);
    expect(JSON.parse((await ask('no-usage')).text)).not.toHaveProperty(
      'usage',
    );
    expect(JSON.parse((await ask('absurd-usage;form=2')).text).usage).toEqual({
      prompt_tokens: -2,
      total_tokens: -2,
    });
  });
});
