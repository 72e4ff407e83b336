import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import OpenAI, { RateLimitError } from 'openai';
import { startProviderSimulator, type ProviderSimulator } from '../server';
import { chat, contentOf, dataLines } from '../__testUtils__/exchange';
import { eventually } from '../__testUtils__/eventually';

const streamed = { stream: true, stream_options: { include_usage: true } };

describe('faults', () => {
  let simulator: ProviderSimulator;

  beforeAll(async () => {
    simulator = await startProviderSimulator();
  });
  beforeEach(() => simulator.resetStats());
  afterAll(() => simulator.close());

  const ask = (fault: string, body: object = {}) =>
    chat(simulator.url, body, { 'x-sim-fault': fault });
  const last = () => simulator.stats().recent.at(-1);

  it('status: an error the SDK knows, with Retry-After', async () => {
    const client = new OpenAI({
      baseURL: `${simulator.url}/v1`,
      apiKey: 'unused',
      maxRetries: 0,
    });
    const call = client.chat.completions.create(
      { model: 'sim-instant', messages: [{ role: 'user', content: 'Hello' }] },
      { headers: { 'x-sim-fault': 'status;code=429;retry-after=7' } },
    );
    await expect(call).rejects.toThrow(RateLimitError);
    await expect(call).rejects.toMatchObject({ code: 'rate_limit_exceeded' });
    expect(
      (await ask('status;code=429;retry-after=7')).headers['retry-after'],
    ).toBe('7');
    expect((await ask('status')).headers['retry-after']).toBeUndefined();
    expect(last()).toMatchObject({
      fault: 'status',
      status: 500,
      outcome: 'refused',
      completionTokens: 0,
    });
  });

  it.each([401, 404, 418, 500, 503])(
    'status: %p in the shape of an error',
    async code => {
      const { status, text } = await ask(`status-${code}`, streamed);
      expect(status).toBe(code);
      expect(JSON.parse(text)).toMatchObject({
        error: {
          message: expect.any(String),
          type: expect.any(String),
          param: null,
        },
      });
      expect(JSON.parse(text).error).toHaveProperty('code');
    },
  );

  it('malformed-sse: one line that is not JSON, and the rest as ever', async () => {
    const whole = await chat(simulator.url, streamed);
    const { text, broken } = await ask('malformed-sse;chunks=2', streamed);
    const lines = dataLines(text);
    expect(() => JSON.parse(lines[2])).toThrow(SyntaxError);
    expect(broken).toBe(false);
    expect(contentOf(text)).toBe(contentOf(whole.text));
    expect(lines.at(-1)).toBe('[DONE]');
  });

  it('malformed-sse: without a stream, a body that breaks off', async () => {
    const { status, text, broken } = await ask('malformed-sse');
    expect({ status, broken }).toEqual({ status: 200, broken: false });
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(last()).toMatchObject({ outcome: 'failed' });
  });

  it.each([0, 1, 5])(
    'cut: the connection breaks after %p chunks',
    async chunks => {
      const { status, text, broken } = await ask(
        `cut;chunks=${chunks}`,
        streamed,
      );
      expect({ status, broken }).toEqual({ status: 200, broken: true });
      expect(dataLines(text)).toHaveLength(chunks);
      // The first chunk holds the role only.
      expect(last()).toMatchObject({
        outcome: 'failed',
        completionTokens: Math.max(0, chunks - 1),
      });
    },
  );

  it.each([true, false])(
    'cut: the connection breaks after so many bytes (stream: %p)',
    async stream => {
      const { text, broken } = await ask('cut;bytes=400', { stream });
      expect({ bytes: Buffer.byteLength(text), broken }).toEqual({
        bytes: 400,
        broken: true,
      });
      expect(simulator.stats().outcomes.failed).toBe(1);
    },
  );

  it('cut: without a stream, half of the body arrives', async () => {
    const { text, headers, broken } = await ask('cut');
    expect(broken).toBe(true);
    expect(Buffer.byteLength(text)).toBe(
      Math.floor(Number(headers['content-length']) / 2),
    );
  });

  it.each([
    ['stall;chunks=2', { stream: true }],
    ['stall', {}],
  ])(
    '%s: something arrives, then nothing, until the client goes (%j)',
    async (fault, body) => {
      const hangUp = new AbortController();
      const response = await fetch(`${simulator.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({
          model: 'sim-instant',
          messages: [{ role: 'user', content: 'Hello' }],
          ...body,
        }),
        headers: { 'x-sim-fault': fault },
        signal: hangUp.signal,
      });
      const reader = response.body?.getReader();
      const first = await reader?.read();
      expect(first?.value?.length).toBeGreaterThan(100);
      const next = reader?.read();
      expect(simulator.stats()).toMatchObject({ inFlight: 1, requests: 0 });
      hangUp.abort();
      await expect(next).rejects.toThrow();
      await eventually(
        () => simulator.stats().outcomes.aborted,
        aborted => aborted === 1,
      );
      expect(last()).toMatchObject({ outcome: 'aborted', fault: 'stall' });
    },
  );

  it('slow: the whole answer, a few bytes at a time', async () => {
    const whole = await chat(simulator.url, { ...streamed, max_tokens: 3 });
    const startedAt = performance.now();
    const { text } = await ask('slow;bytes=64;ms=2', {
      ...streamed,
      max_tokens: 3,
    });
    expect(contentOf(text)).toBe(contentOf(whole.text));
    expect(performance.now() - startedAt).toBeGreaterThan(
      (Buffer.byteLength(text) / 64 - 1) * 2 * 0.8,
    );
    expect(last()).toMatchObject({ outcome: 'completed', completionTokens: 3 });
  });

  it('no-usage: none in the stream that asked, none in the body', async () => {
    const stream = await ask('no-usage', streamed);
    expect(stream.text).not.toContain('usage');
    expect(dataLines(stream.text).at(-1)).toBe('[DONE]');
    expect(JSON.parse((await ask('no-usage')).text)).not.toHaveProperty(
      'usage',
    );
    expect(last()?.completionTokens).toBeGreaterThan(0);
  });

  it('zero-usage: zeros are told, the truth is recorded', async () => {
    const { text } = await ask('zero-usage', streamed);
    expect(JSON.parse(dataLines(text).slice(-2)[0]).usage).toMatchObject({
      prompt_tokens: 0,
      completion_tokens: 0,
      total_tokens: 0,
    });
    expect(JSON.parse((await ask('zero-usage')).text).usage.total_tokens).toBe(
      0,
    );
    expect(last()?.promptTokens).toBeGreaterThan(0);
    expect(last()?.completionTokens).toBe(countTokens(contentOf(text)));
  });

  it('giant: one enormous chunk, one enormous body', async () => {
    const { text } = await ask('giant;size=300000', streamed);
    const [, content] = dataLines(text);
    expect(content.length).toBeGreaterThan(300_000);
    const usage = JSON.parse(dataLines(text).slice(-2)[0]).usage;
    expect(usage.completion_tokens).toBe(60_000);

    const body = JSON.parse((await ask('giant;size=300000')).text);
    expect(body.choices[0].message.content).toHaveLength(299_999);
  });

  it('html: a page with status 200', async () => {
    const { status, headers, text } = await ask('html', streamed);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(text).toMatch(/^<!DOCTYPE html>/);
    expect(last()).toMatchObject({ outcome: 'failed', completionTokens: 0 });
  });

  it('error-in-stream: an error event ends a stream that began well', async () => {
    const { status, text, broken } = await ask(
      'error-in-stream;chunks=4',
      streamed,
    );
    const lines = dataLines(text);
    expect({ status, broken, lines: lines.length }).toEqual({
      status: 200,
      broken: false,
      lines: 5,
    });
    expect(JSON.parse(lines[4])).toMatchObject({
      error: { type: 'server_error' },
    });
    expect(last()).toMatchObject({ outcome: 'failed', completionTokens: 3 });
  });

  it('error-in-stream: without a stream, an error with status 200', async () => {
    const { status, text } = await ask('error-in-stream');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error' } });
    expect(last()).toMatchObject({ outcome: 'failed', completionTokens: 0 });
  });

  it('no-done: all but the [DONE]', async () => {
    const { text, broken } = await ask('no-done', streamed);
    expect(broken).toBe(false);
    expect(text).not.toContain('[DONE]');
    expect(JSON.parse(dataLines(text).at(-1) ?? '')).toHaveProperty(
      'usage.total_tokens',
    );
  });

  it('hang: not even headers, until the client goes', async () => {
    const hangUp = new AbortController();
    const call = fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'fault-hang',
        messages: [{ role: 'user', content: 'Hello' }],
      }),
      signal: hangUp.signal,
    });
    const settled = jest.fn();
    call.then(settled, settled);
    await eventually(
      () => simulator.stats().inFlight,
      inFlight => inFlight === 1,
    );
    expect(settled).not.toHaveBeenCalled();
    hangUp.abort();
    await expect(call).rejects.toThrow();
    await eventually(
      () => simulator.stats().inFlight,
      inFlight => inFlight === 0,
    );
    expect(last()).toMatchObject({
      outcome: 'aborted',
      fault: 'hang',
      status: null,
    });
  });

  it('is reached by model name too, and a header decides over the name', async () => {
    expect(
      await chat(simulator.url, { model: 'fault-status-503' }),
    ).toMatchObject({ status: 503 });
    expect(
      await chat(simulator.url, { model: 'sim-instant+status;code=401' }),
    ).toMatchObject({ status: 401 });
    expect(await ask('no-done', { model: 'fault-status-503' })).toMatchObject({
      status: 200,
    });

    const plain = await chat(simulator.url, { stream: true });
    const named = await chat(simulator.url, {
      stream: true,
      model: 'sim-instant+no-done',
    });
    expect(contentOf(named.text)).toBe(contentOf(plain.text));
  });
});
