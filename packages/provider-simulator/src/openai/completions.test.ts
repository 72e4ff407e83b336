import { decode, encode } from 'gpt-tokenizer/encoding/o200k_base';
import OpenAI from 'openai';
import { post } from '../__testUtils__/exchange';
import { startProviderSimulator, type ProviderSimulator } from '../server';

const prompt = 'Once upon a time in a counting house';

describe('completions', () => {
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

  const create = (more: Partial<OpenAI.CompletionCreateParamsNonStreaming>) =>
    client.completions.create({ model: 'sim-instant', prompt, ...more });

  it('continues a prompt, by default for 16 tokens, and counts truly', async () => {
    const { choices, usage, object } = await create({});
    expect(object).toBe('text_completion');
    expect(choices[0].finish_reason).toBe('length');
    expect(encode(choices[0].text)).toHaveLength(16);
    expect(usage).toMatchObject({
      prompt_tokens: encode(prompt).length,
      completion_tokens: 16,
    });
  });

  it('streams the same text and usage', async () => {
    const whole = await create({ max_tokens: 200, suffix: ' The end.' });
    const stream = await client.completions.create({
      model: 'sim-instant',
      prompt,
      max_tokens: 200,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.Completion[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map(({ choices }) => choices[0]?.text ?? '').join('');
    expect(text).toBe(whole.choices[0].text);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
    expect(chunks.at(-2)?.choices[0].finish_reason).toBe('stop');
  });

  it('repeats the prompt when told to, without charging it twice', async () => {
    const { choices, usage } = await create({ echo: true });
    expect(choices[0].text.startsWith(prompt)).toBe(true);
    expect(usage?.completion_tokens).toBe(16);
    const nothing = await create({ echo: true, max_tokens: 0, logprobs: 1 });
    expect(nothing.choices[0].text).toBe(prompt);
    expect(nothing.choices[0].logprobs?.token_logprobs?.[0]).toBeNull();
    expect(nothing.choices[0].logprobs?.tokens?.join('')).toBe(prompt);
  });

  it('answers several prompts several times, in order', async () => {
    const { choices, usage } = await create({
      prompt: ['One ledger', 'Two ledgers'],
      n: 2,
      max_tokens: 60,
    });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(new Set(choices.map(({ text }) => text)).size).toBe(4);
    const single = await create({ prompt: 'Two ledgers', max_tokens: 60 });
    expect(choices[2].text).toBe(single.choices[0].text);
    expect(usage?.prompt_tokens).toBe(
      encode('One ledger').length + encode('Two ledgers').length,
    );
  });

  it('takes tokens for text', async () => {
    const tokens = encode(prompt);
    expect(decode(tokens)).toBe(prompt);
    const byTokens = await create({ prompt: tokens });
    const byText = await create({});
    expect(byTokens.choices).toEqual(byText.choices);
    expect(byTokens.usage).toEqual(byText.usage);
    await expect(create({ prompt: [9_999_999] })).rejects.toMatchObject({
      param: 'prompt',
    });
  });

  it('tells log probabilities with the place of each token', async () => {
    const { choices } = await create({ logprobs: 2, echo: true });
    const {
      tokens,
      text_offset: offsets,
      top_logprobs: top,
    } = choices[0].logprobs ?? {};
    expect(tokens?.join('')).toBe(choices[0].text);
    tokens?.forEach((token, index) => {
      const at = offsets?.[index] ?? -1;
      expect(choices[0].text.slice(at, at + token.length)).toBe(token);
    });
    expect(Object.keys(top?.[1] ?? {})).toHaveLength(2);
  });

  it('stops before a stop sequence', async () => {
    const whole = (await create({ max_tokens: 200 })).choices[0].text;
    const { choices } = await create({ max_tokens: 200, stop: 'counting' });
    expect(choices[0]).toMatchObject({
      text: whole.slice(0, whole.indexOf('counting')),
      finish_reason: 'stop',
    });
  });

  it.each([
    [{ prompt: undefined }, 'prompt'],
    [{ prompt: [] }, 'prompt'],
    [{ max_tokens: -1 }, 'max_tokens'],
    [{ logprobs: 6 }, 'logprobs'],
    [{ n: 3, best_of: 2 }, 'best_of'],
    [{ stream_options: {} }, 'stream_options'],
  ])('refuses %j', async (more, param) => {
    const { status, text } = await post(`${simulator.url}/v1/completions`, {
      model: 'sim-instant',
      prompt,
      ...more,
    });
    expect(status).toBe(400);
    expect(JSON.parse(text).error.param).toBe(param);
  });

  it('has the faults that chat has', async () => {
    const { broken } = await post(
      `${simulator.url}/v1/completions`,
      { model: 'sim-instant', prompt, stream: true },
      { 'x-sim-fault': 'cut-5' },
    );
    expect(broken).toBe(true);
    expect(simulator.stats().recent[0]).toMatchObject({
      outcome: 'failed',
      completionTokens: 5,
    });
  });
});
