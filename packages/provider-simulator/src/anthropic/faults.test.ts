import Anthropic from '@anthropic-ai/sdk';
import { eventsOf } from '../__testUtils__/events';
import { eventually } from '../__testUtils__/eventually';
import { message } from '../__testUtils__/exchange';
import { startProviderSimulator, type ProviderSimulator } from '../server';

const streamed = { stream: true };

describe('faults in the Anthropic dialect', () => {
  let simulator: ProviderSimulator;

  beforeAll(async () => {
    simulator = await startProviderSimulator();
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.close());

  const ask = (fault: string, body: object = {}) =>
    message(simulator.url, body, { 'x-sim-fault': fault });
  const last = () => simulator.stats().recent.at(-1);
  const namesOf = (text: string) => eventsOf(text).map(({ event }) => event);

  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [503, 'api_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('status: %p is %p', async (code, type) => {
    const { status, text, headers } = await ask(
      `status;code=${code};retry-after=3`,
      streamed,
    );
    expect(status).toBe(code);
    expect(headers['retry-after']).toBe('3');
    expect(JSON.parse(text)).toEqual({
      type: 'error',
      error: { type, message: expect.any(String) },
      request_id: headers['request-id'],
    });
  });

  it('error-in-stream: an error event that the SDK throws, and the end', async () => {
    const { text, broken } = await ask('error-in-stream;chunks=5', streamed);
    expect(broken).toBe(false);
    expect(namesOf(text).slice(-1)).toEqual(['error']);
    expect(namesOf(text)).toHaveLength(6);
    expect(last()).toMatchObject({ outcome: 'failed', completionTokens: 2 });

    const client = new Anthropic({ baseURL: simulator.url, apiKey: 'unused' });
    const stream = client.messages.stream(
      {
        model: 'sim-instant',
        max_tokens: 100,
        messages: [{ role: 'user', content: 'Hello' }],
      },
      { headers: { 'x-sim-fault': 'error-in-stream' } },
    );
    await expect(stream.finalMessage()).rejects.toMatchObject({
      type: 'overloaded_error',
    });
  });

  it.each([
    ['error-before-content', ['error']],
    ['error-before-content;chunks=1', ['message_start', 'error']],
    [
      'error-before-content;chunks=99',
      ['message_start', 'content_block_start', 'ping', 'error'],
    ],
  ])('%s: the error comes before any content', async (fault, names) => {
    const { status, text } = await ask(fault, streamed);
    expect(status).toBe(200);
    expect(namesOf(text)).toEqual(names);
    expect(last()).toMatchObject({ outcome: 'failed', completionTokens: 0 });
  });

  it('malformed-sse: one event that is not JSON among the others', async () => {
    const { text } = await ask('malformed-sse;chunks=2', streamed);
    const [, , broken, next] = eventsOf(text);
    expect(broken).toEqual({
      event: 'content_block_delta',
      data: expect.any(String),
    });
    expect(next.event).toBe('ping');
    expect(namesOf(text).at(-1)).toBe('message_stop');
  });

  it('cut: after events, or after any number of bytes', async () => {
    const events = await ask('cut;chunks=4', streamed);
    expect(events.broken).toBe(true);
    expect(namesOf(events.text)).toHaveLength(4);
    for (const bytes of [0, 1, 77]) {
      for (const stream of [true, false]) {
        const { status, text, broken } = await ask(`cut;bytes=${bytes}`, {
          stream,
        });
        expect({ status, broken, bytes: Buffer.byteLength(text) }).toEqual({
          status: 200,
          broken: true,
          bytes,
        });
      }
    }
  });

  it('no-done: all but message_stop', async () => {
    const { text, broken } = await ask('no-done', streamed);
    expect(broken).toBe(false);
    expect(namesOf(text).at(-1)).toBe('message_delta');
  });

  it('no-usage, zero-usage, absurd-usage: what is told is not what is recorded', async () => {
    expect((await ask('no-usage', streamed)).text).not.toContain('usage');
    expect(JSON.parse((await ask('no-usage')).text)).not.toHaveProperty(
      'usage',
    );
    expect(JSON.parse((await ask('zero-usage')).text).usage).toMatchObject({
      input_tokens: 0,
      output_tokens: 0,
    });
    const told = async (form: number) =>
      JSON.parse((await ask(`absurd-usage;form=${form}`)).text).usage
        .output_tokens;
    const truth = () => last()?.completionTokens ?? 0;
    expect(await told(1)).toBeGreaterThan(1e17);
    expect(await told(2)).toBe(-1 - truth());
    expect(await told(3)).toBe(truth() + 0.5);
    expect(await told(4)).toBe(String(truth()));
    expect(await told(5)).toBeNull();
    expect(truth()).toBeGreaterThan(30);
  });

  it('giant: one enormous delta', async () => {
    const { text } = await ask('giant;size=300000', streamed);
    const deltas = eventsOf(text).filter(
      ({ event }) => event === 'content_block_delta',
    );
    expect(deltas).toHaveLength(1);
    expect(JSON.stringify(deltas[0]).length).toBeGreaterThan(299_000);
  });

  it('html, wrong-content-type: an answer that is not what it says', async () => {
    expect((await ask('html')).headers['content-type']).toMatch(/^text\/html/);
    const stream = await ask('wrong-content-type', streamed);
    expect(stream.headers['content-type']).toBe('application/json');
    expect(namesOf(stream.text)).toContain('message_stop');
    const body = await ask('wrong-content-type');
    expect(body.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(JSON.parse(body.text)).toHaveProperty('content');
  });

  it('slow: the whole message, a few bytes at a time', async () => {
    const { text } = await ask('slow;bytes=64', {
      max_tokens: 3,
      stream: true,
    });
    expect(namesOf(text).at(-1)).toBe('message_stop');
  });

  it.each(['stall', 'hang', 'endless-headers;ms=50'])(
    '%s: never ends, until the client goes',
    async fault => {
      const hangUp = new AbortController();
      const call = fetch(`${simulator.url}/v1/messages`, {
        method: 'POST',
        body: JSON.stringify({
          model: `sim-instant+${fault}`,
          max_tokens: 100,
          stream: true,
          messages: [{ role: 'user', content: 'Hello' }],
        }),
        headers: { 'anthropic-version': '2023-06-01' },
        signal: hangUp.signal,
      }).then(response => response.text());
      // Heard from now on: it may fail before it is waited for.
      call.catch(() => {});
      await eventually(
        () => simulator.stats().inFlight,
        inFlight => inFlight === 1,
      );
      hangUp.abort();
      await expect(call).rejects.toThrow();
      await eventually(
        () => simulator.stats().outcomes.aborted,
        aborted => aborted === 1,
      );
    },
  );
});
