import { once } from 'node:events';
import { connect } from 'node:net';
import { chat } from '../__testUtils__/exchange';
import { eventually } from '../__testUtils__/eventually';
import { startProviderSimulator, type ProviderSimulator } from '../server';

/** Everything that arrives on the wire, head included. */
async function wireOf(port: number, fault: string): Promise<string> {
  const body = JSON.stringify({
    model: 'sim-instant',
    messages: [{ role: 'user', content: 'Hello' }],
    stream: true,
  });
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', chunk => chunks.push(chunk));
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-sim-fault: ${fault}\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

describe('faults of the head', () => {
  let simulator: ProviderSimulator;

  beforeAll(async () => {
    simulator = await startProviderSimulator();
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.close());

  it('cut-head: breaks after so many bytes, none included', async () => {
    const whole = await wireOf(simulator.port, 'cut-head;bytes=99999');
    expect(whole).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(whole).toContain('content-type: text/event-stream');
    expect(whole.endsWith('\r\n\r\n')).toBe(true);
    for (const bytes of [0, 1, 12, whole.length - 1]) {
      const part = await wireOf(simulator.port, `cut-head;bytes=${bytes}`);
      expect(part).toHaveLength(bytes);
    }
    expect(simulator.stats()).toMatchObject({
      outcomes: { failed: 5 },
      tokens: { completion: 0 },
    });
  });

  it('cut: every offset of the body', async () => {
    const whole = (await chat(simulator.url, { max_tokens: 1 })).text;
    for (let bytes = 0; bytes < whole.length; bytes += 29) {
      const { text, broken } = await chat(
        simulator.url,
        { max_tokens: 1 },
        { 'x-sim-fault': `cut;bytes=${bytes}` },
      );
      expect({ length: text.length, broken }).toEqual({
        length: bytes,
        broken: true,
      });
    }
  });

  it('endless-headers: more of them than a client takes', async () => {
    await expect(
      chat(
        simulator.url,
        {},
        { 'x-sim-fault': 'endless-headers;size=4096;ms=0' },
      ),
    ).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_OVERFLOW' });
    await eventually(
      () => simulator.stats().outcomes.aborted,
      aborted => aborted === 1,
    );
  });
});
