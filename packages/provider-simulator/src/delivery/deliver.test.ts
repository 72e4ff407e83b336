import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { eventually } from '../__testUtils__/eventually';
import { deliver, type Delivery } from './deliver';
import type { Pace, SendStep, Step } from './steps';

const NO_DELAY: Pace = { firstTokenMs: 0, tokensPerSecond: Infinity };

function token(afterTokens: number, wire = 'x'): SendStep {
  return { type: 'send', wire, tokens: 1, afterTokens };
}

describe('deliver', () => {
  let server: Server | undefined;

  /** Serves the steps to one request and gives the response and, later, how its delivery went. */
  async function serve(steps: Iterable<Step>, pace: Pace) {
    const deliveries: Delivery[] = [];
    server = createServer((_req, res) => {
      deliver(res, steps[Symbol.iterator](), pace, () =>
        performance.now(),
      ).then(done => deliveries.push(done));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const startedAt = performance.now();
    const request = get({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    });
    const [response]: IncomingMessage[] = await once(request, 'response');
    return {
      response,
      startedAt,
      delivered: () =>
        eventually(
          () => deliveries[0],
          done => done !== undefined,
        ),
    };
  }

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  it('keeps to the pace: not before its time, and not much later in the sum', async () => {
    const steps = Array.from({ length: 21 }, (_, index) => token(index));
    const { response, startedAt, delivered } = await serve(steps, {
      firstTokenMs: 30,
      tokensPerSecond: 200,
    });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
    for await (const chunk of response) expect(String(chunk)).toMatch(/^x+$/);
    const took = performance.now() - startedAt;
    // 30 ms, then 20 tokens of 5 ms.
    expect(took).toBeGreaterThanOrEqual(129);
    expect(took).toBeLessThan(600);
    expect(await delivered()).toEqual({ outcome: 'completed', tokens: 21 });
  });

  it('draws no more steps than a client reads', async () => {
    let drawn = 0;
    const wire = 'x'.repeat(65_536);
    function* endless(): Generator<Step> {
      for (;;) yield token(drawn++, wire);
    }
    const { response, delivered } = await serve(endless(), NO_DELAY);
    response.pause();
    // The buffers of both sockets fill up; once they have, the count stands still over many turns of the loop.
    let before = -1;
    let still = 0;
    await eventually(
      () => {
        still = drawn === before ? still + 1 : 0;
        before = drawn;
        return still;
      },
      turns => turns > 500,
      10_000,
    );
    expect(drawn).toBeGreaterThan(0);
    response.destroy();
    expect((await delivered()).outcome).toBe('aborted');
  });

  it('stops drawing when the client hangs up, and counts what went out', async () => {
    let drawn = 0;
    let closed = false;
    function* endless(): Generator<Step> {
      try {
        for (;;) yield token(drawn++);
      } finally {
        closed = true;
      }
    }
    const { response, delivered } = await serve(endless(), {
      firstTokenMs: 0,
      tokensPerSecond: 500,
    });
    await once(response, 'data');
    response.destroy();
    const { outcome, tokens } = await delivered();
    expect(outcome).toBe('aborted');
    expect(closed).toBe(true);
    // One step had been drawn and was waiting for its time.
    expect(tokens).toBe(drawn - 1);
  });

  it('breaks the connection only after what came before has been sent', async () => {
    const { response, delivered } = await serve(
      [token(0, 'before'), { type: 'destroy' }],
      NO_DELAY,
    );
    let text = '';
    response.on('data', chunk => {
      text += chunk;
    });
    await once(response, 'close').catch(() => {});
    expect(text).toBe('before');
    expect(response.complete).toBe(false);
    expect(await delivered()).toEqual({ outcome: 'destroyed', tokens: 1 });
  });
});
