import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { EventStream } from '../upstream/EventStream';
import { OpenAiStreamReader } from '../providers/openai/stream';
import { ScriptedBody } from '../upstream/__testUtils__/ScriptedBody';
import { pump } from './pump';

const HELLO = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n';

async function begin(body: ScriptedBody) {
  const reader = new OpenAiStreamReader({ hideUsage: false, choices: 1 });
  const stream = new EventStream(body, reader, 10_000);
  const peeked = stream.peek(5_000);
  body.push(HELLO);
  expect(await peeked).toBe('content');
  return { stream, reader };
}

/** A response whose client has room, or not; what it was given is in `written`. */
function responseOf(room: () => boolean) {
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  const written: string[] = [];
  res.write = (chunk: Buffer) => {
    written.push(chunk.toString());
    return room();
  };
  return { res, written };
}

const pumpTo = (
  stream: EventStream,
  res: ServerResponse,
  options: { gone?: () => boolean; drainBytes?: number } = {},
) =>
  pump(stream, {
    res,
    watch: { clientIsGone: options.gone ?? (() => false) },
    settings: {
      client: { stallTimeoutMs: 1_000 },
      clientAbort: { drainBytes: options.drainBytes ?? 1_000 },
    },
    onFirst: () => undefined,
  });

describe('a pump', () => {
  it('gives what came before, then what comes, and the event that closes a stream to nobody', async () => {
    const body = new ScriptedBody();
    const { stream } = await begin(body);
    const { res, written } = responseOf(() => true);
    const pumped = pumpTo(stream, res);
    body.push(HELLO);
    body.push('data: [DONE]\n\n');
    expect(await pumped).toBe('closed');
    expect(written).toEqual([HELLO, HELLO]);
    expect(body.state).toBe('ending');
  });

  it.each(['a piece', 'what is left at the end'])(
    'whose reader chokes on %s breaks its own stream, and nothing else',
    async what => {
      const body = new ScriptedBody();
      const { stream, reader } = await begin(body);
      const pumped = pumpTo(stream, responseOf(() => true).res);
      reader.read = () => {
        throw new Error('unreadable');
      };
      body.push(what === 'a piece' ? HELLO : HELLO.trimEnd());
      if (what !== 'a piece') body.end('ended');
      expect(await pumped).toBe('broken');
    },
  );

  it('lets the upstream wait while its client has no room', async () => {
    const body = new ScriptedBody();
    const { stream } = await begin(body);
    let room = false;
    const { res } = responseOf(() => room);
    const pumped = pumpTo(stream, res);
    expect(body.state).toBe('paused');
    room = true;
    res.emit('drain');
    expect(body.state).toBe('flowing');
    expect(res.listenerCount('drain')).toBe(0);
    body.end('ended');
    expect(await pumped).toBe('ended');
  });

  it('reads on for a client that is gone, to the end or for so many bytes', async () => {
    const body = new ScriptedBody();
    const { stream } = await begin(body);
    const { res, written } = responseOf(() => true);
    const pumped = pumpTo(stream, res, {
      gone: () => true,
      drainBytes: HELLO.length * 2,
    });
    body.push(HELLO);
    expect(body.state).toBe('flowing');
    body.push(HELLO);
    expect(await pumped).toBe('gone');
    expect(body.state).toBe('abandoned');
    expect(written).toEqual([]);
  });
});
