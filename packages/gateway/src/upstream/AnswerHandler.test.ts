import { AddressPolicy } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import {
  answerOf,
  chunkOf,
  ScriptedUpstream,
  streamOf,
  type Script,
} from '../__testUtils__/ScriptedUpstream';
import { AnswerHandler } from './AnswerHandler';
import { Stop } from './Stop';
import type { UpstreamAnswer } from './UpstreamAnswer';
import type { BodyEnd, UpstreamBody } from './UpstreamBody';
import { UpstreamPools } from './UpstreamPools';

const IDLE_MS = 300;
const [HEAD, ...REST] = streamOf(['data: 1\n\n', 'data: 2\n\n']);

describe('AnswerHandler', () => {
  let upstream: ScriptedUpstream;
  let pools: UpstreamPools;
  let script: Script;

  beforeEach(async () => {
    upstream = await ScriptedUpstream.start(() => script);
    pools = UpstreamPools.create({
      addresses: AddressPolicy.create({ allowPrivateAddresses: true }),
      settings: {
        connectTimeoutMs: 1_000,
        firstByteTimeoutMs: IDLE_MS,
        firstTokenTimeoutMs: 5_000,
        idleTimeoutMs: IDLE_MS,
        totalTimeoutMs: 5_000,
        maxAnswerBytes: 1_000,
      },
    });
  });
  afterEach(async () => {
    await pools.close();
    await upstream.close();
  });

  const send = (streamed: boolean, stop: Stop = new Stop()) =>
    pools.send(
      new URL(upstream.url).origin,
      { path: '/', headers: [], body: Buffer.from('{"model":"m"}') },
      stop,
      { streamed },
    );

  async function bodyOf(pieces: Script['pieces'], stop?: Stop) {
    script = { pieces, then: 'hang' };
    const answer = await send(true, stop);
    if (answer.kind !== 'stream') throw new Error(answer.kind);
    return answer.body;
  }
  const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

  /** Reads a body, and says what came and how it ended. */
  function read(body: UpstreamBody) {
    const chunks: Buffer[] = [];
    const ended = new Promise<BodyEnd>(resolve => {
      body.readBy({ onChunk: chunk => chunks.push(chunk), onEnd: resolve });
    });
    return { text: () => Buffer.concat(chunks).toString(), ended };
  }

  it('gathers an answer that is not streamed, whatever is said before it', async () => {
    const answer = answerOf(200, '{"a":1}');
    script = {
      pieces: [
        Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'),
        answer.subarray(0, -3),
        { waitMs: 50 },
        answer.subarray(-3),
      ],
      then: 'end',
    };
    expect(await send(false)).toMatchObject({
      kind: 'whole',
      status: 200,
      bytes: Buffer.from('{"a":1}'),
      extent: 'whole',
    });
  });

  it.each([
    [200, 1_000],
    [500, 64 * 1024],
  ])(
    'reads of an answer with status %i no more than %i bytes',
    async (status, most) => {
      script = {
        pieces: [answerOf(status, ' '.repeat(100_000))],
        then: 'hang',
      };
      const answer = await send(false);
      expect(answer).toMatchObject({ kind: 'whole', extent: 'too-large' });
      expect(answer.kind === 'whole' && answer.bytes.length).toBe(most);
    },
  );

  it('takes no answer in time for one that failed, and one that stops for cut off', async () => {
    script = { pieces: [], then: 'hang' };
    expect(await send(false)).toMatchObject({
      kind: 'failed',
      failure: 'timeout',
      asked: true,
    });
    script = {
      pieces: [answerOf(200, '{"a":1}').subarray(0, -3)],
      then: 'hang',
    };
    expect(await send(false)).toMatchObject({
      kind: 'whole',
      bytes: Buffer.from('{"a"'),
      extent: 'cut-off',
    });
  });

  it('keeps what comes of a stream until somebody reads it', async () => {
    const body = await bodyOf([HEAD, ...REST]);
    await wait(50);
    const { text, ended } = read(body);
    expect(await ended).toBe('ended');
    expect(text()).toBe('data: 1\n\ndata: 2\n\n');
  });

  it('does not take an upstream for silent that it lets wait', async () => {
    const body = await bodyOf([HEAD, { waitMs: 50 }, ...REST]);
    const { text, ended } = read(body);
    body.pause();
    await wait(4 * IDLE_MS);
    body.resume();
    expect(await ended).toBe('ended');
    expect(text()).toBe('data: 1\n\ndata: 2\n\n');
  });

  it('takes one for silent of which nothing more comes', async () => {
    const { text, ended } = read(await bodyOf([HEAD, chunkOf('data: 1\n\n')]));
    expect(await ended).toBe('silent');
    expect(text()).toBe('data: 1\n\n');
  });

  it('ends when it is stopped', async () => {
    const stop = new Stop();
    const { ended } = read(await bodyOf([HEAD], stop));
    stop.now();
    expect(await ended).toBe('stopped');
  });

  it('leaves alone the connection of an answer that is over, which may be that of the next', async () => {
    const controller = {
      paused: false,
      aborted: false,
      reason: null,
      pause: jest.fn(),
      resume: jest.fn(),
      abort: jest.fn(),
    };
    const expected = {
      accept: 'text/event-stream',
      headMs: IDLE_MS,
      idleMs: IDLE_MS,
      maxBytes: 1_000,
    } as const;
    const connection = { free: jest.fn(), drop: jest.fn() };
    let handler: AnswerHandler | undefined;
    const answered = new Promise<UpstreamAnswer>(resolve => {
      handler = new AnswerHandler(expected, new Stop(), connection, resolve);
      handler.onRequestStart(controller);
      handler.onResponseStart(controller, 200, {
        'content-type': 'text/event-stream',
      });
    });
    const answer = await answered;
    if (answer.kind !== 'stream') throw new Error(answer.kind);
    answer.body.pause();
    answer.body.resume();
    expect(controller.pause).toHaveBeenCalledTimes(1);
    expect(controller.resume).toHaveBeenCalledTimes(1);
    expect(connection.free).not.toHaveBeenCalled();
    handler?.onResponseEnd();
    expect(connection.free).toHaveBeenCalledTimes(1);
    answer.body.pause();
    answer.body.resume();
    expect(controller.pause).toHaveBeenCalledTimes(1);
    expect(controller.resume).toHaveBeenCalledTimes(1);
  });

  it('tells a reader nothing more that gave it up, or needs no more', async () => {
    for (const leave of ['abandon', 'letEnd'] as const) {
      const body = await bodyOf([HEAD, { waitMs: 50 }, ...REST]);
      const { text, ended } = read(body);
      body[leave]();
      const heard = await Promise.race([ended, wait(200)]);
      expect([leave, text(), heard]).toEqual([leave, '', undefined]);
    }
  });
});
