import { OpenAiStreamReader } from '../providers/openai/stream';
import { ScriptedBody } from './__testUtils__/ScriptedBody';
import { EventStream, type StreamEnd } from './EventStream';
import type { BodyEnd } from './UpstreamBody';

const role = 'data: {"choices":[{"index":0,"delta":{"role":"assistant"}}]}\n\n';
const hello = 'data: {"choices":[{"index":0,"delta":{"content":"Hällo"}}]}\n\n';
const error = 'data: {"error":{"message":"busy"}}\n\n';

/** A body of these pieces, and the events in it. */
function streamOf(
  pieces: ReadonlyArray<Buffer | string>,
  end?: BodyEnd,
  reader = new OpenAiStreamReader({ hideUsage: false, choices: 1 }),
) {
  const body = new ScriptedBody();
  for (const piece of pieces) body.push(piece);
  if (end) body.end(end);
  return { body, stream: new EventStream(body, reader, 1_000_000) };
}

/** All that is passed on of a stream, and how it ended. */
async function passedOn(stream: EventStream) {
  const passed: Buffer[] = [];
  const end = await new Promise<StreamEnd>(resolve => {
    stream.passTo({ take: parts => passed.push(...parts), end: resolve });
  });
  return { text: Buffer.concat(passed).toString(), end };
}

describe('peeking at a stream', () => {
  it('finds content, and passes the stream on from its very start, wherever its pieces end', async () => {
    const text = `: hi\r\n\r\n${role}${hello}${hello}`;
    const whole = Buffer.from(`${text}data: [DONE]\n\n`);
    for (let size = 1; size <= whole.length; size += 1) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < whole.length; at += size) {
        pieces.push(whole.subarray(at, at + size));
      }
      const { stream } = streamOf(pieces, 'ended');
      expect(await stream.peek(5_000)).toBe('content');
      expect(await passedOn(stream)).toEqual({ text, end: 'closed' });
    }
  });

  it('passes nothing on that comes with or after an error', async () => {
    const events = [role, hello, error, hello];
    for (const pieces of [events, [events.join('')]]) {
      const { stream } = streamOf(pieces, 'ended');
      expect(await stream.peek(5_000)).toBe('content');
      expect(await passedOn(stream)).toEqual({
        text: role + hello,
        end: 'closed',
      });
      expect(stream.reader.refusal).toMatchObject({ code: 'upstream_error' });
    }
  });

  it('hands on what it has looked through for long enough', async () => {
    const comments = ': waiting\n\n'.repeat(30_000);
    const { stream } = streamOf([comments, hello], 'ended');
    expect(await stream.peek(5_000)).toBe('content');
    expect((await passedOn(stream)).text).toBe(comments + hello);
  });

  it('lets the upstream wait once there is content that nobody takes', async () => {
    const { body, stream } = streamOf([hello]);
    expect(await stream.peek(5_000)).toBe('content');
    body.push(hello);
    expect(body.state).toBe('paused');
    const passed = passedOn(stream);
    expect(body.state).toBe('flowing');
    body.end('ended');
    expect((await passed).text).toBe(hello + hello);
  });

  it.each([
    ['an error', [role, error], 'error'],
    ['an error that is not ended by a blank line', [error.trimEnd()], 'error'],
    ['an end', [role], 'ended'],
    ['an end in the midst of content', [hello.trimEnd()], 'ended'],
    ['nothing at all', [], 'ended'],
  ])('finds %s', async (_, pieces, found) => {
    expect(await streamOf(pieces, 'ended').stream.peek(5_000)).toBe(found);
  });

  it.each([
    ['in the midst', hello],
    ['as the last', hello.trimEnd()],
  ])(
    'finds an end where there is an event that its reader chokes on (%s)',
    async (_, event) => {
      const reader = new OpenAiStreamReader({ hideUsage: false, choices: 1 });
      reader.read = () => {
        throw new Error('unreadable');
      };
      const { stream } = streamOf([event], 'ended', reader);
      expect(await stream.peek(5_000)).toBe('ended');
    },
  );

  it.each([
    ['breaks', 'broken', 'ended'],
    ['falls silent', 'silent', 'silent'],
    ['is stopped', 'stopped', 'stopped'],
  ] as const)('finds one that %s', async (_, end, found) => {
    expect(await streamOf([role], end).stream.peek(5_000)).toBe(found);
  });

  it('waits for as long as it may, whatever comes that is no content', async () => {
    const { body, stream } = streamOf([': waiting\n\n']);
    expect(await stream.peek(20)).toBe('silent');
    expect(body.state).toBe('abandoned');
  });
});
