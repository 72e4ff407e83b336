import { TestDatabases } from '@backstage/backend-test-utils';
import {
  answerOf,
  chunkOf,
  streamOf,
  type Script,
} from './__testUtils__/ScriptedUpstream';
import {
  type Answer,
  play,
  ScriptedStage,
} from './__testUtils__/ScriptedStage';
import {
  ANTHROPIC_BLOCK,
  ANTHROPIC_START,
  ANTHROPIC_STOP,
  anthropicDelta,
  anthropicEvent,
  DONE,
  event,
  OPENAI_FINISH,
  OPENAI_REPORT,
  openAiDelta,
} from './__testUtils__/streamEvents';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** What is said in a stream of events with errors, which are for nobody but the gateway. */
const SECRETS = /sk-live|org-acme|10\.0\.0\.7|"server_error"/;
const ERRORS = {
  'an error': [
    event({
      error: {
        message: 'Account org-acme12345 failed at 10.0.0.7 with sk-live-12345',
        type: 'server_error',
        code: null,
      },
    }),
    'upstream_error',
  ],
  'an error that is text': [
    event({ error: 'org-acme12345 at 10.0.0.7' }),
    'upstream_error',
  ],
  'an error by its name': [
    'event: error\ndata: 10.0.0.7 fell over\n\n',
    'upstream_error',
  ],
  'a limit': [
    event({
      error: { message: 'org-acme12345 is over', type: 'rate_limit_error' },
    }),
    'upstream_rate_limited',
  ],
  'a bill': [
    event({
      error: { message: 'org-acme12345', code: 'insufficient_quota' },
    }),
    'upstream_account_exhausted',
  ],
  'a rejection': [
    event({
      error: {
        message: 'Too long for sk-live-12345.',
        type: 'invalid_request_error',
      },
    }),
    'upstream_rejected',
  ],
} as const;

const ABSURD = [
  { prompt_tokens: -4, completion_tokens: 3 },
  { prompt_tokens: 1e15, completion_tokens: 3 },
  { prompt_tokens: 1.5, completion_tokens: 3 },
  { prompt_tokens: '7', completion_tokens: '3' },
  { prompt_tokens: [7], completion_tokens: {} },
  { prompt_tokens: null },
  'none',
  7,
  [],
];

/** A word at a time. */
const drip = (words: number, waitMs: number) =>
  Array.from({ length: words }, () => [
    chunkOf(openAiDelta({ content: 'Hello' })),
    { waitMs },
  ]).flat();

describe('a stream through the gateway', () => {
  let stage: ScriptedStage;

  beforeAll(async () => {
    stage = await ScriptedStage.create(await databases.init('POSTGRES_18'));
    const anthropicId = await stage.plane.addProvider(stage.upstream.url, {
      kind: 'anthropic',
    });
    const once = { retries: { attempts: 1 } };
    await stage.addModel('openai', ['openai'], once);
    await stage.addModel('anthropic', ['anthropic'], once, anthropicId);
    await stage.addModel('patient', ['patient'], once);
    await stage.addModel('impatient', ['impatient'], {
      ...once,
      timeouts: { idleMs: 500 },
    });
    await stage.addModel('brief', ['brief'], {
      ...once,
      timeouts: { totalMs: 800 },
    });
  });
  afterAll(() => stage?.close());

  const ask: ScriptedStage['askPlaying'] = (...asked) =>
    stage.askPlaying(...asked);
  const bookedFor = async (answer: Answer) =>
    (await stage.attemptsOf(answer))[0];
  const lastErrorOf = (text: string) => {
    const data = text.trimEnd().split('\n').at(-1) ?? '';
    return JSON.parse(data.slice('data: '.length)).error;
  };

  describe('in which the provider tells of', () => {
    it.each(Object.entries(ERRORS))(
      '%s ends in our words, and what was generated is billed',
      async (_, [error, code]) => {
        const answer = await ask(
          'openai',
          play(
            ...streamOf([
              openAiDelta({ content: 'Hello world' }),
              error,
              OPENAI_FINISH,
              DONE,
            ]),
          ),
        );
        expect(answer.text).toContain(openAiDelta({ content: 'Hello world' }));
        expect(answer.text).not.toMatch(SECRETS);
        expect(answer.text).not.toContain('[DONE]');
        expect(answer.text).not.toContain('"stop"');
        expect(lastErrorOf(answer.text)).toMatchObject({ code });
        expect(await bookedFor(answer)).toMatchObject({
          outcome: 'upstream_error',
          error_code: code,
          usage_source: 'estimated',
          output_tokens: '3',
        });
      },
    );

    it.each([
      ['/v1/messages', 'event: error\ndata: {"type":"error"'],
      ['/v1/chat/completions', 'data: {"error"'],
    ])(
      'an overload ends in our words for a client at %s',
      async (path, begin) => {
        const error = anthropicEvent('error', {
          error: {
            type: 'overloaded_error',
            message: 'org-acme12345 at 10.0.0.7',
          },
        });
        const answer = await ask(
          'anthropic',
          play(
            ...streamOf([
              ANTHROPIC_START,
              ANTHROPIC_BLOCK,
              anthropicDelta('Hello world'),
              error,
              ANTHROPIC_STOP,
            ]),
          ),
          { path },
        );
        expect(answer.text).toContain(begin);
        expect(answer.text).not.toMatch(SECRETS);
        expect(answer.text).not.toMatch(/\[DONE\]|message_stop/);
        expect(lastErrorOf(answer.text)).toMatchObject({
          code: 'upstream_error',
        });
        expect(await bookedFor(answer)).toMatchObject({
          outcome: 'upstream_error',
          usage_source: 'estimated',
        });
      },
    );
  });

  describe('whose upstream takes its time', () => {
    const head = streamOf([])[0];

    it('ends after the idle time of its model, and not after that of another', async () => {
      const paused = [
        head,
        chunkOf(openAiDelta({ content: 'Hello' })),
        { waitMs: 1_500 },
        ...streamOf([OPENAI_FINISH + OPENAI_REPORT + DONE]).slice(1),
      ];
      const [impatient, patient] = await Promise.all([
        ask('impatient', play(...paused)),
        ask('patient', play(...paused)),
      ]);
      expect(patient.text.endsWith(DONE)).toBe(true);
      expect(lastErrorOf(impatient.text)).toMatchObject({
        code: 'upstream_cut_off',
      });
      expect(impatient.tookMs).toBeGreaterThan(490);
      expect(impatient.tookMs).toBeLessThan(1_400);
      expect(await bookedFor(impatient)).toMatchObject({
        outcome: 'truncated',
        usage_source: 'estimated',
      });
    });

    it('goes on for as long as something comes, for longer than the idle time', async () => {
      const drops = drip(6, 250);
      const answer = await ask(
        'impatient',
        play(
          head,
          ...drops,
          ...streamOf([OPENAI_FINISH + OPENAI_REPORT + DONE]).slice(1),
        ),
      );
      expect(answer.text.endsWith(DONE)).toBe(true);
    });

    it('ends after the total time of its model, however much comes', async () => {
      const drops = drip(40, 100);
      const answer = await ask('brief', play(head, ...drops));
      expect(lastErrorOf(answer.text)).toMatchObject({
        code: 'upstream_cut_off',
      });
      expect(answer.tookMs).toBeGreaterThan(790);
      expect(answer.tookMs).toBeLessThan(2_000);
      expect(await bookedFor(answer)).toMatchObject({
        outcome: 'truncated',
        usage_source: 'estimated',
      });
    });

    it.each([
      ['impatient', 'stops in the midst of an answer', 502, 'upstream_cut_off'],
      ['brief', 'stops in the midst of an answer', 502, 'upstream_cut_off'],
      ['brief', 'never begins', 504, 'upstream_timeout'],
    ])(
      'and is %s, not streamed, when it %s',
      async (model, what, status, code) => {
        const begun = answerOf(200, '{"choices":[]}').subarray(0, -5);
        const answer = await ask(
          model,
          { pieces: what === 'never begins' ? [] : [begun], then: 'hang' },
          { stream: false },
        );
        expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([
          status,
          code,
        ]);
        expect(answer.tookMs).toBeLessThan(2_000);
      },
    );
  });

  it('harms no other, whatever its upstream answers', async () => {
    const drops = drip(20, 100);
    const sound = ask(
      'patient',
      play(
        streamOf([])[0],
        ...drops,
        ...streamOf([OPENAI_FINISH + OPENAI_REPORT + DONE]).slice(1),
      ),
    );
    const page = '<html><body>10.0.0.7</body></html>';
    const endless = Buffer.from(`x-more: ${'x'.repeat(1_000)}\r\n`);
    const faults: Array<[Script, string]> = [
      [play(...streamOf([page], 'text/html')), 'upstream_invalid_response'],
      [
        play(
          ...streamOf(
            [openAiDelta({ content: 'Hi' }), DONE],
            'application/x-ndjson',
          ),
        ),
        'upstream_invalid_response',
      ],
      [play(answerOf(502, page)), 'upstream_error'],
      [
        {
          pieces: [
            Buffer.from('HTTP/1.1 200 OK\r\n'),
            ...Array.from({ length: 2_000 }, () => endless),
          ],
          then: 'hang',
        },
        'upstream_error',
      ],
      [play(Buffer.from('SSH-2.0-OpenSSH_9.9\r\n')), 'upstream_error'],
      [play(), 'upstream_error'],
    ];
    for (const [script, code] of faults) {
      for (const stream of [true, false]) {
        const { status, text } = await ask('openai', script, { stream });
        expect([script, status, JSON.parse(text).error.code]).toEqual([
          script,
          502,
          code,
        ]);
        expect(text).not.toContain('10.0.0.7');
      }
    }
    expect((await sound).text.endsWith(DONE)).toBe(true);
  });

  it.each(ABSURD)(
    'with a usage that cannot be (%j) is whole, and billed by an estimate',
    async usage => {
      const streamed = await ask(
        'openai',
        play(
          ...streamOf([
            openAiDelta({ content: 'Hello world' }),
            OPENAI_FINISH,
            event({ choices: [], usage }),
            DONE,
          ]),
        ),
      );
      expect(streamed.text.endsWith(DONE)).toBe(true);
      const whole = await ask(
        'openai',
        play(
          answerOf(
            200,
            JSON.stringify({
              choices: [{ index: 0, message: { content: 'Hello world' } }],
              usage,
            }),
          ),
        ),
        { stream: false },
      );
      expect(whole.status).toBe(200);
      for (const answer of [streamed, whole]) {
        expect(await bookedFor(answer)).toMatchObject({
          outcome: 'complete',
          usage_source: 'estimated',
          output_tokens: '3',
        });
      }
    },
  );
});
