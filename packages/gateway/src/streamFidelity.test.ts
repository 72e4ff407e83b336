import { TestDatabases } from '@backstage/backend-test-utils';
import { streamOf } from './__testUtils__/ScriptedUpstream';
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
  OPENAI_FINISH,
  OPENAI_REPORT,
  openAiDelta,
} from './__testUtils__/streamEvents';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** What no parser would need to write, and every one has to read. */
const OPENAI_ODD = [
  '\ufeff: a comment\n\n',
  openAiDelta({ content: 'Wörld 🜁' }),
  'retry: 5\nid: 1\ndata: {"choices":[{"index":0,\ndata: "delta":{"content":"two lines é"}}]}\n\n',
  'event: unknown\ndata: {"what":"ever","content":""}\n\n',
  'event: unknown\n\n',
  'data\n\n',
  ':\n\n\n',
  'surprise: field\n\n',
  openAiDelta({ content: 'a "quoted" \\ \u2028 line' }),
  OPENAI_FINISH,
].join('');

const ANTHROPIC_ODD = [
  ': a comment\n\n',
  ANTHROPIC_START,
  ANTHROPIC_BLOCK,
  anthropicEvent('ping'),
  anthropicDelta('Wörld 🜁'),
  'event: unknown\ndata: {"type":"unknown"}\n\n',
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,\ndata: "delta":{"type":"text_delta","text":"two lines é"}}\n\n',
  anthropicEvent('content_block_stop', { index: 0 }),
  anthropicEvent('message_delta', {
    delta: { stop_reason: 'end_turn' },
    usage: { output_tokens: 3 },
  }),
].join('');
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
  });
  afterAll(() => stage?.close());

  const ask: ScriptedStage['askPlaying'] = (...asked) =>
    stage.askPlaying(...asked);
  const bookedFor = async (answer: Answer) =>
    (await stage.attemptsOf(answer))[0];
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
          play(
            ...streamOf(
              piecesOf(written(OPENAI_ODD + OPENAI_REPORT + DONE), size),
            ),
          ),
        );
        expect(shown(answer.text)).toBe(shown(written(OPENAI_ODD) + DONE));
        expect(await bookedFor(answer)).toMatchObject({
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
          play(...streamOf(piecesOf(sent, size))),
          { path: '/v1/messages' },
        );
        expect(shown(answer.text)).toBe(shown(sent));
        expect(await bookedFor(answer)).toMatchObject({
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
          play(...streamOf(piecesOf(sent, size))),
        );
        expect(text.endsWith(DONE)).toBe(true);
        const said = [...text.matchAll(/"content":"([^"]*)"/g)];
        expect(said.map(([, word]) => word).join('')).toBe(
          'Wörld 🜁two lines é',
        );
      },
    );
  });
});
