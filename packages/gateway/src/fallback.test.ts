import { TestDatabases } from '@backstage/backend-test-utils';
import {
  BILLED,
  cut,
  ERROR,
  EVENTS,
  PATIENT,
  play,
  STREAM,
  UNBILLED,
  WHOLE,
  ScriptedStage,
} from './__testUtils__/ScriptedStage';
import { answerOf, streamOf } from './__testUtils__/ScriptedUpstream';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('fallback', () => {
  let stage: ScriptedStage;

  beforeAll(async () => {
    stage = await ScriptedStage.create(await databases.init('POSTGRES_18'), {
      client: {
        headersTimeoutMs: 5_000,
        requestTimeoutMs: 5_000,
        bodyIdleTimeoutMs: 5_000,
        stallTimeoutMs: 5_000,
        keepAliveMs: 200,
      },
    });
  });
  afterAll(() => stage?.close());

  it('hides an upstream that dies, at whichever byte of a stream, until there is content; and never after', async () => {
    await stage.addModel('dies', ['dying', 'sound']);
    const whole = Buffer.concat(STREAM);
    const contentAt =
      whole.indexOf(EVENTS[2]) + Buffer.byteLength(EVENTS[2]) - 1;
    const ids: string[] = [];
    for (let at = 0; at < whole.length; at += 1) {
      // A sound answer now and then, for its deployment not to be left alone.
      if (at % 50 === 49) {
        stage.scripts.delete('dying');
        await stage.ask('dies');
      }
      stage.scripts.set('dying', () => cut(whole, at));
      const answer = await stage.ask('dies');
      ids.push(answer.requestId);
      expect(answer.status).toBe(200);
      const isWhole = answer.text.endsWith('data: [DONE]\n\n');
      const isError = answer.text.includes('"upstream_cut_off"');
      // The last bytes are only the end of the encoding.
      const hasEnd = at >= whole.lastIndexOf('data: [DONE]\n\n') + 14;
      expect({ at, isWhole, isError }).toEqual({
        at,
        isWhole: at <= contentAt || hasEnd,
        isError: at > contentAt && !hasEnd,
      });
      expect(answer.text.split('Hello').length).toBe(2);
    }
    const events = await stage.booked(ids);
    for (const id of ids.slice(0, contentAt + 1)) {
      expect(events.get(id)).toMatchObject([
        { ...UNBILLED, attempt: 1 },
        { ...BILLED, attempt: 2 },
      ]);
    }
    for (const id of ids.slice(contentAt + 1)) {
      const attempts = events.get(id) ?? [];
      expect(attempts).toHaveLength(1);
      expect(Number(attempts[0].cost_nano_usd)).toBeGreaterThan(0);
    }
  });

  it('hides an upstream that dies at whichever byte of an answer that is not streamed, and bills what came', async () => {
    await stage.addModel('dies-whole', ['dying-whole', 'sound-whole']);
    const bodyAt = WHOLE.indexOf('\r\n\r\n') + 4;
    const ids: string[] = [];
    for (let at = 0; at < WHOLE.length; at += 1) {
      if (at % 50 === 49) {
        stage.scripts.delete('dying-whole');
        await stage.ask('dies-whole', { stream: false });
      }
      stage.scripts.set('dying-whole', () => cut(WHOLE, at));
      const answer = await stage.ask('dies-whole', { stream: false });
      ids.push(answer.requestId);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text).choices).toHaveLength(1);
    }
    const events = await stage.booked(ids);
    ids.forEach((id, at) => {
      const [first, second] = events.get(id) ?? [];
      expect(second).toMatchObject({ ...BILLED, attempt: 2 });
      expect(first.usage_source).toBe(at > bodyAt ? 'estimated' : 'none');
    });
  });

  it.each([
    ['a status of 500', true, () => play(answerOf(500, '{}'))],
    ['a page', true, () => play(answerOf(200, '<html>'))],
    ['a limit', true, () => play(answerOf(429, '{}', { 'retry-after': '0' }))],
    [
      'an account that is not paid for',
      true,
      () =>
        play(
          answerOf(
            400,
            '{"error":{"message":"Your credit balance is too low to access the API."}}',
          ),
        ),
    ],
    [
      'an error in a stream, before any content',
      true,
      () => play(...streamOf([EVENTS[0], EVENTS[1], ERROR])),
    ],
    [
      'a stream that ends without having said anything',
      true,
      () => play(...streamOf([EVENTS[0], EVENTS[1]])),
    ],
    [
      'an error with a status of success',
      false,
      () => play(answerOf(200, '{"error":{"message":"overloaded"}}')),
    ],
  ])('hides %s', async (what, stream, script) => {
    const id = what.replaceAll(/[^a-z0-9]+/g, '-');
    const kind = stream ? 'stream' : 'whole';
    stage.scripts.set(`${id}-${kind}`, script);
    await stage.addModel(id, [`${id}-${kind}`, `sound-${kind}`]);
    const answer = await stage.ask(id, { stream });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Hello');
    expect(answer.text).not.toContain('overloaded');
    expect(answer.headers.get('x-ai-gateway-model')).toBeNull();
    expect(await stage.attemptsOf(answer)).toMatchObject([
      { ...UNBILLED, attempt: 1 },
      { ...BILLED, attempt: 2 },
    ]);
  });

  it('never follows content: an error after it ends the stream in our words, and there is one attempt', async () => {
    stage.scripts.set('late-error', () =>
      play(...streamOf([...EVENTS.slice(0, 3), ERROR, ...EVENTS.slice(3)])),
    );
    await stage.addModel('late-error', ['late-error', 'sound']);
    const answer = await stage.ask('late-error');
    expect(answer.text).toContain('Hello');
    expect(answer.text).not.toContain('wörld');
    expect(answer.text).not.toContain('overloaded');
    expect(answer.text).not.toContain('[DONE]');
    expect(answer.text).toMatch(
      /data: \{"error":.*"code":"upstream_error".*\n\n$/,
    );
    expect(await stage.attemptsOf(answer)).toMatchObject([
      { outcome: 'upstream_error', usage_source: 'estimated' },
    ]);
  });

  it('is not made for a request that is at fault', async () => {
    stage.scripts.set('rejects', () =>
      play(answerOf(400, '{"error":{"message":"Too hot."}}')),
    );
    await stage.addModel('rejects', ['rejects', 'sound']);
    const answer = await stage.ask('rejects');
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error.message).toBe('Too hot.');
    expect(await stage.attemptsOf(answer)).toHaveLength(1);
  });

  it('tries the only deployment again, after which the client is told what is most useful', async () => {
    stage.scripts.set('once', request =>
      request === 1 ? cut(Buffer.concat(STREAM), 0) : play(...STREAM),
    );
    await stage.addModel('once', ['once']);
    const answer = await stage.ask('once');
    expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(await stage.attemptsOf(answer)).toMatchObject([UNBILLED, BILLED]);

    stage.scripts.set('always', () => play(answerOf(500, '{}')));
    await stage.addModel('always', ['always']);
    const failed = await stage.ask('always');
    expect(failed.status).toBe(502);
    expect(JSON.parse(failed.text).error).toMatchObject({
      code: 'upstream_error',
      message: expect.stringContaining('2 attempts were made'),
    });
    expect(await stage.attemptsOf(failed)).toMatchObject([UNBILLED, UNBILLED]);
  });

  describe('and a client that waits for a stream', () => {
    it('gets comments until there is content, and those of the upstream with it', async () => {
      const [head, comment, ...rest] = STREAM;
      stage.scripts.set('slow', () =>
        play(head, comment, { waitMs: 700 }, ...rest),
      );
      await stage.addModel('slow', ['slow']);
      const { text } = await stage.ask('slow');
      expect(text).toMatch(/^(: keep-alive\n\n)+: processing\n\n/);
      expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    });

    it('is told of a failure by an event of the stream, once it has been kept waiting', async () => {
      stage.scripts.set('slow-failure', () =>
        play({ waitMs: 500 }, answerOf(500, '{}')),
      );
      await stage.addModel('slow-failure', ['slow-failure'], {
        retries: { attempts: 1 },
      });
      const { status, text } = await stage.ask('slow-failure');
      expect(status).toBe(200);
      expect(text).toMatch(/^(: keep-alive\n\n)+data: \{"error"/);
      expect(text).not.toContain('[DONE]');
    });

    it('is served by another deployment, when the first has no content in time', async () => {
      const [head, comment] = STREAM;
      stage.scripts.set('never', () => ({
        pieces: [head, comment],
        then: 'hang',
      }));
      await stage.addModel('never', ['never', 'sound'], {
        timeouts: { firstTokenMs: 500 },
        health: PATIENT,
      });
      const answer = await stage.ask('never');
      expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
      expect(await stage.attemptsOf(answer)).toMatchObject([
        { ...UNBILLED, error_code: 'upstream_timeout' },
        BILLED,
      ]);
    });
  });
});
