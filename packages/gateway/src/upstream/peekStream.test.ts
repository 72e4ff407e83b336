import { Readable } from 'node:stream';
import { OpenAiStreamReader } from '../providers/openai/stream';
import { peekStream } from './peekStream';

const role = 'data: {"choices":[{"index":0,"delta":{"role":"assistant"}}]}\n\n';
const hello = 'data: {"choices":[{"index":0,"delta":{"content":"Hällo"}}]}\n\n';
const error = 'data: {"error":{"message":"busy"}}\n\n';

function peek(
  body: Readable,
  options: { signal?: AbortSignal; withinMs?: number } = {},
) {
  return peekStream(
    body,
    new OpenAiStreamReader({ hideUsage: false, choices: 1 }),
    {
      signal: options.signal ?? new AbortController().signal,
      withinMs: options.withinMs ?? 5_000,
    },
  );
}

async function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('peeking at a stream', () => {
  it('finds content, and leaves the stream as if nobody had read of it, wherever its pieces end', async () => {
    const whole = Buffer.from(
      `: hi\r\n\r\n${role}${hello}${error}data: [DONE]\n\n`,
    );
    for (let size = 1; size <= whole.length; size += 1) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < whole.length; at += size) {
        pieces.push(whole.subarray(at, at + size));
      }
      const body = Readable.from(pieces, { objectMode: false });
      expect(await peek(body)).toBe('content');
      expect(await textOf(body)).toBe(whole.toString());
    }
  });

  it('hands on what it has looked through for long enough', async () => {
    const comments = Buffer.from(': waiting\n\n'.repeat(30_000));
    const body = Readable.from([comments, Buffer.from(hello)], {
      objectMode: false,
    });
    expect(await peek(body)).toBe('content');
    expect((await textOf(body)).length).toBe(comments.length + hello.length);
  });

  it.each([
    ['an error', [role, error], 'error'],
    ['an error that is not ended by a blank line', [error.trimEnd()], 'error'],
    ['an end', [role], 'ended'],
    ['nothing at all', [], 'ended'],
  ])('finds %s, and gives the stream up', async (_, pieces, found) => {
    const body = Readable.from(pieces.map(piece => Buffer.from(piece)));
    expect(await peek(body)).toBe(found);
    expect(body.destroyed).toBe(true);
  });

  it('finds an end where the last event is one that its reader chokes on', async () => {
    const reader = new OpenAiStreamReader({ hideUsage: false, choices: 1 });
    reader.read = () => {
      throw new Error('unreadable');
    };
    const body = Readable.from([Buffer.from(hello.trimEnd())]);
    const { signal } = new AbortController();
    expect(await peekStream(body, reader, { signal, withinMs: 5_000 })).toBe(
      'ended',
    );
  });

  it('finds a connection that breaks', async () => {
    const body = new Readable({ read: () => undefined });
    const peeked = peek(body);
    body.push(Buffer.from(role));
    body.destroy(new Error('reset'));
    expect(await peeked).toBe('ended');
  });

  it('waits for as long as it may, whatever comes that is no content', async () => {
    const body = new Readable({ read: () => undefined });
    body.push(Buffer.from(': waiting\n\n'));
    expect(await peek(body, { withinMs: 20 })).toBe('silent');
    expect(body.destroyed).toBe(true);
  });

  it('ends when it is told to', async () => {
    const body = new Readable({ read: () => undefined });
    const end = new AbortController();
    const peeked = peek(body, { signal: end.signal });
    end.abort();
    expect(await peeked).toBe('aborted');
    expect(
      await peek(new Readable({ read: () => undefined }), {
        signal: end.signal,
      }),
    ).toBe('aborted');
  });
});
