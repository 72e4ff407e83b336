import { TestDatabases } from '@backstage/backend-test-utils';
import { eventually } from './__testUtils__/eventually';
import {
  answerOf,
  chunkOf,
  ScriptedUpstream,
  streamOf,
  type Script,
} from './__testUtils__/ScriptedUpstream';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const event = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;
const named = (chunk: { type: string }) =>
  `event: ${chunk.type}\n${event(chunk)}`;
const delta = (content: string) =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const FINISH = event({
  choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
});
const USAGE = event({
  choices: [],
  usage: { prompt_tokens: 7, completion_tokens: 3 },
});
const DONE = 'data: [DONE]\n\n';

/** What no parser would need to write, and every one has to read. */
const OPENAI_ODD = [
  '\ufeff: a comment\n\n',
  delta('Wörld 🜁'),
  'retry: 5\nid: 1\ndata: {"choices":[{"index":0,\ndata: "delta":{"content":"two lines é"}}]}\n\n',
  'event: unknown\ndata: {"what":"ever","content":""}\n\n',
  'event: unknown\n\n',
  'data\n\n',
  ':\n\n\n',
  'surprise: field\n\n',
  delta('a "quoted" \\ \u2028 line'),
  FINISH,
].join('');

const ANTHROPIC_START = named({
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    usage: { input_tokens: 7, output_tokens: 1 },
  },
} as { type: string });
const anthropicDelta = (text: string) =>
  named({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text },
  } as { type: string });
const ANTHROPIC_BLOCK = named({
  type: 'content_block_start',
  index: 0,
  content_block: { type: 'text', text: '' },
} as { type: string });
const ANTHROPIC_ODD = [
  ': a comment\n\n',
  ANTHROPIC_START,
  ANTHROPIC_BLOCK,
  named({ type: 'ping' }),
  anthropicDelta('Wörld 🜁'),
  'event: unknown\ndata: {"type":"unknown"}\n\n',
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,\ndata: "delta":{"type":"text_delta","text":"two lines é"}}\n\n',
  named({ type: 'content_block_stop', index: 0 } as { type: string }),
  named({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn' },
    usage: { output_tokens: 3 },
  } as { type: string }),
].join('');
const ANTHROPIC_STOP = named({ type: 'message_stop' });

const LINE_ENDS = { lf: '\n', crlf: '\r\n', cr: '\r' } as const;
/** Bytes to a piece: within a character, within a line end, within a name, or nowhere. */
const SIZES = [1, 2, 3, 7, 64, 100_000];

const piecesOf = (text: string, size: number) => {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    pieces.push(bytes.subarray(at, at + size));
  }
  return pieces;
};

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

describe('a stream through the gateway', () => {
  let plane: TestControlPlane;
  let upstream: ScriptedUpstream;
  let gateway: RunningGateway;
  let key: TestKey;
  const scripts = new Map<string, Script>();

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    upstream = await ScriptedUpstream.start(
      model => scripts.get(model) ?? { pieces: [], then: 'end' },
    );
    const openaiId = await plane.addProvider(upstream.url);
    const anthropicId = await plane.addProvider(upstream.url, {
      kind: 'anthropic',
    });
    const models = [
      ['openai', openaiId, {}],
      ['anthropic', anthropicId, {}],
      ['patient', openaiId, {}],
      ['impatient', openaiId, { idleMs: 500 }],
      ['brief', openaiId, { totalMs: 800 }],
    ] as const;
    for (const [id, providerId, timeouts] of models) {
      await plane.addModel(id, { providerId, upstreamModel: id });
      await plane.setRouting(id, {
        timeouts,
        retries: { attempts: 1 },
        health: { failures: 100, failurePercent: 100, probe: false },
      });
    }
    key = await plane.addKey();
    gateway = await startTestGateway({ knex: plane.knex });
  });
  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });

  let requests = 0;
  async function ask(
    model: string,
    script: Script,
    options: { path?: string; stream?: boolean } = {},
  ) {
    scripts.set(model, script);
    requests += 1;
    const requestId = `request-${requests}`;
    const began = performance.now();
    const response = await fetch(
      gateway.url + (options.path ?? '/v1/chat/completions'),
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key.apiKey}`,
          'content-type': 'application/json',
          'x-request-id': requestId,
        },
        body: JSON.stringify({
          model,
          stream: options.stream ?? true,
          max_tokens: 100,
          messages: [{ role: 'user', content: 'Hello' }],
        }),
      },
    );
    // Whole, with the mark of an order of bytes that a decoder would take away.
    const text = Buffer.from(await response.arrayBuffer()).toString();
    return {
      requestId,
      status: response.status,
      text,
      tookMs: performance.now() - began,
    };
  }
  const booked = ({ requestId }: { requestId: string }) =>
    eventually(async () =>
      (await plane.events()).find(row => row.request_id === requestId),
    );
  const ended = (...pieces: Script['pieces']): Script => ({
    pieces,
    then: 'end',
  });
  const lastErrorOf = (text: string) => {
    const data = text.trimEnd().split('\n').at(-1) ?? '';
    return JSON.parse(data.slice('data: '.length)).error;
  };

  describe.each(Object.entries(LINE_ENDS))('with %s', (_, lineEnd) => {
    const written = (text: string) => text.replaceAll('\n', lineEnd);
    /** But for the second half of a line end that was cut in two, and stood where an event was kept back. */
    const shown = (text: string) =>
      lineEnd === '\r\n' ? text.replaceAll(/\r\n?/g, '\n') : text;

    it.each(SIZES)(
      'of OpenAI is passed on byte by byte when it comes in pieces of %i',
      async size => {
        const answer = await ask(
          'openai',
          ended(
            ...streamOf(piecesOf(written(OPENAI_ODD + USAGE + DONE), size)),
          ),
        );
        expect(shown(answer.text)).toBe(shown(written(OPENAI_ODD) + DONE));
        expect(await booked(answer)).toMatchObject({
          outcome: 'complete',
          usage_source: 'reported',
          input_tokens: '7',
          output_tokens: '3',
        });
      },
    );

    it.each(SIZES)(
      'of Anthropic is passed on byte by byte when it comes in pieces of %i',
      async size => {
        const sent = written(ANTHROPIC_ODD + ANTHROPIC_STOP);
        const answer = await ask(
          'anthropic',
          ended(...streamOf(piecesOf(sent, size))),
          { path: '/v1/messages' },
        );
        expect(shown(answer.text)).toBe(shown(sent));
        expect(await booked(answer)).toMatchObject({
          outcome: 'complete',
          usage_source: 'reported',
          input_tokens: '7',
          output_tokens: '3',
        });
      },
    );

    it.each(SIZES)(
      'of Anthropic is read by a client of OpenAI when it comes in pieces of %i',
      async size => {
        const sent = written(ANTHROPIC_ODD + ANTHROPIC_STOP);
        const { text } = await ask(
          'anthropic',
          ended(...streamOf(piecesOf(sent, size))),
        );
        expect(text.endsWith(DONE)).toBe(true);
        const said = [...text.matchAll(/"content":"([^"]*)"/g)];
        expect(said.map(([, word]) => word).join('')).toBe(
          'Wörld 🜁two lines é',
        );
      },
    );
  });

  describe('in which the provider tells of', () => {
    it.each(Object.entries(ERRORS))(
      '%s ends in our words, and what was generated is billed',
      async (_, [error, code]) => {
        const answer = await ask(
          'openai',
          ended(...streamOf([delta('Hello world'), error, FINISH, DONE])),
        );
        expect(answer.text).toContain(delta('Hello world'));
        expect(answer.text).not.toMatch(SECRETS);
        expect(answer.text).not.toContain('[DONE]');
        expect(answer.text).not.toContain('"stop"');
        expect(lastErrorOf(answer.text)).toMatchObject({ code });
        expect(await booked(answer)).toMatchObject({
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
        const error = named({
          type: 'error',
          error: {
            type: 'overloaded_error',
            message: 'org-acme12345 at 10.0.0.7',
          },
        } as { type: string });
        const answer = await ask(
          'anthropic',
          ended(
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
        expect(await booked(answer)).toMatchObject({
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
        chunkOf(delta('Hello')),
        { waitMs: 1_500 },
        ...streamOf([FINISH + USAGE + DONE]).slice(1),
      ];
      const [impatient, patient] = await Promise.all([
        ask('impatient', ended(...paused)),
        ask('patient', ended(...paused)),
      ]);
      expect(patient.text.endsWith(DONE)).toBe(true);
      expect(lastErrorOf(impatient.text)).toMatchObject({
        code: 'upstream_cut_off',
      });
      expect(impatient.tookMs).toBeGreaterThan(490);
      expect(impatient.tookMs).toBeLessThan(1_400);
      expect(await booked(impatient)).toMatchObject({
        outcome: 'truncated',
        usage_source: 'estimated',
      });
    });

    it('goes on for as long as something comes, for longer than the idle time', async () => {
      const drops = Array.from({ length: 6 }, () => [
        chunkOf(delta('Hello')),
        { waitMs: 250 },
      ]).flat();
      const answer = await ask(
        'impatient',
        ended(head, ...drops, ...streamOf([FINISH + USAGE + DONE]).slice(1)),
      );
      expect(answer.text.endsWith(DONE)).toBe(true);
    });

    it('ends after the total time of its model, however much comes', async () => {
      const drops = Array.from({ length: 40 }, () => [
        chunkOf(delta('Hello')),
        { waitMs: 100 },
      ]).flat();
      const answer = await ask('brief', ended(head, ...drops));
      expect(lastErrorOf(answer.text)).toMatchObject({
        code: 'upstream_cut_off',
      });
      expect(answer.tookMs).toBeGreaterThan(790);
      expect(answer.tookMs).toBeLessThan(2_000);
      expect(await booked(answer)).toMatchObject({
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
    const drops = Array.from({ length: 20 }, () => [
      chunkOf(delta('Hello')),
      { waitMs: 100 },
    ]).flat();
    const sound = ask(
      'patient',
      ended(
        streamOf([])[0],
        ...drops,
        ...streamOf([FINISH + USAGE + DONE]).slice(1),
      ),
    );
    const page = '<html><body>10.0.0.7</body></html>';
    const endless = Buffer.from(`x-more: ${'x'.repeat(1_000)}\r\n`);
    const faults: Array<[Script, string]> = [
      [ended(...streamOf([page], 'text/html')), 'upstream_invalid_response'],
      [
        ended(...streamOf([delta('Hi'), DONE], 'application/x-ndjson')),
        'upstream_invalid_response',
      ],
      [ended(answerOf(502, page)), 'upstream_error'],
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
      [ended(Buffer.from('SSH-2.0-OpenSSH_9.9\r\n')), 'upstream_error'],
      [ended(), 'upstream_error'],
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
        ended(
          ...streamOf([
            delta('Hello world'),
            FINISH,
            event({ choices: [], usage }),
            DONE,
          ]),
        ),
      );
      expect(streamed.text.endsWith(DONE)).toBe(true);
      const whole = await ask(
        'openai',
        ended(
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
        expect(await booked(answer)).toMatchObject({
          outcome: 'complete',
          usage_source: 'estimated',
          output_tokens: '3',
        });
      }
    },
  );
});
