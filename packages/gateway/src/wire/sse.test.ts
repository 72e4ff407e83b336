import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { sseData, SseEventTooLarge, SseFilter } from './sse';

const LIMIT = 1_000_000;

/** Cuts bytes wherever it is told to: within a character, within a line end, anywhere. */
function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map(c => c % (bytes.length + 1)))].sort(
    (a, b) => a - b,
  );
  const parts: Buffer[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    parts.push(bytes.subarray(from, place));
    from = place;
  }
  return parts;
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const text = fc.string({
  unit: fc.constantFrom('a', 'é', '🜁', ' ', ':', '{', '"', '\\', '\u2028'),
});
const line = fc.oneof(
  text.map(t => `data: ${t}`),
  text.map(t => `data:${t}`),
  fc.constant('data'),
  text.map(t => `: ${t}`),
  text.map(t => `id: ${t}`),
  fc.constant('event: message'),
  fc.constant('retry: 5'),
  text.map(t => `other: ${t}`),
);
/** A stream of whole events, as any sender may write it. */
const stream = fc
  .array(fc.tuple(fc.array(line, { minLength: 1, maxLength: 4 }), lineEnd), {
    maxLength: 8,
  })
  .map(events =>
    events
      .map(([lines, end]) => `${lines.map(l => l + end).join('')}${end}`)
      .join(''),
  );
const cuts = fc.array(fc.nat(), { maxLength: 20 });

describe('SseFilter', () => {
  it('passes every byte on as it came, wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.oneof(stream, fc.string()), cuts, (sent, at) => {
        const bytes = Buffer.from(sent);
        const filter = new SseFilter(() => 'pass', LIMIT);
        const out = cut(bytes, at).flatMap(part => filter.push(part));
        expect(Buffer.concat([...out, ...filter.end()])).toEqual(bytes);
      }),
      { numRuns: 1_000 },
    );
  });

  it('sees the events that a reference parser sees, wherever the stream is cut', () => {
    fc.assert(
      fc.property(stream, cuts, (sent, at) => {
        const expected: string[] = [];
        createParser({ onEvent: event => expected.push(event.data) }).feed(
          // It knows CR only before LF.
          sent.replace(/\r\n?/g, '\n'),
        );
        const seen: string[] = [];
        const filter = new SseFilter(event => {
          const data = sseData(event);
          if (data) seen.push(data.toString('utf8'));
          return 'pass';
        }, LIMIT);
        for (const part of cut(Buffer.from(sent), at)) filter.push(part);
        expect(seen).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('asks about the same events whether or not a CR makes it look at each byte', () => {
    fc.assert(
      fc.property(fc.array(line), cuts, cuts, (lines, at, elsewhere) => {
        const eventsOf = (sent: string, places: readonly number[]) => {
          const seen: string[] = [];
          const filter = new SseFilter(event => {
            const plain = event.toString('utf8').replace(/\r\n?/g, '\n');
            // The LF of a CRLF that was cut in two stands before the next event.
            seen.push(plain.replace(/^\n+|\n+$/g, ''));
            return 'pass';
          }, LIMIT);
          for (const part of cut(Buffer.from(sent), places)) filter.push(part);
          filter.end();
          return seen.filter(one => one !== '');
        };
        const sent = lines
          .map(l => `${l}\n${l.length % 2 ? '\n' : ''}`)
          .join('');
        expect(eventsOf(sent, at)).toEqual(
          eventsOf(sent.replaceAll('\n', '\r\n'), elsewhere),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives a chunk back as it is when all of it passes', () => {
    const filter = new SseFilter(() => 'pass', LIMIT);
    const chunk = Buffer.from('data: 0\n\nevent: x\ndata: 1\n\n');
    expect(filter.push(chunk)[0]).toBe(chunk);
  });

  it('leaves out exactly the events that are to be dropped, wherever the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), text), { maxLength: 10 }),
        cuts,
        (events, at) => {
          const render = (some: ReadonlyArray<readonly [boolean, string]>) =>
            some
              .map(([drop, t]) => `data: ${drop ? 'DROP' : 'KEEP'} ${t}\n\n`)
              .join('');
          const filter = new SseFilter(
            event => (event.includes('DROP') ? 'drop' : 'pass'),
            LIMIT,
          );
          const out = cut(Buffer.from(render(events)), at).flatMap(part =>
            filter.push(part),
          );
          expect(Buffer.concat(out).toString('utf8')).toBe(
            render(events.filter(([drop]) => !drop)),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('joins events that stand together into one piece', () => {
    const filter = new SseFilter(
      event => (event.includes('2') ? 'drop' : 'pass'),
      LIMIT,
    );
    const out = filter.push(
      Buffer.from('data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n'),
    );
    expect(out.map(String)).toEqual([
      'data: 0\n\ndata: 1\n\n',
      'data: 3\n\ndata: 4\n\n',
    ]);
  });

  it('asks about an event that the stream ends in', () => {
    const seen: string[] = [];
    const filter = new SseFilter(event => {
      seen.push(String(event));
      return 'drop';
    }, LIMIT);
    expect(filter.push(Buffer.from('data: [DONE]'))).toEqual([]);
    expect(filter.end()).toEqual([]);
    expect(seen).toEqual(['data: [DONE]']);
  });

  it('gives up on an event without an end', () => {
    const filter = new SseFilter(() => 'pass', 100);
    filter.push(Buffer.from(`data: ${'x'.repeat(60)}`));
    expect(() => filter.push(Buffer.from('x'.repeat(60)))).toThrow(
      SseEventTooLarge,
    );
  });
});

describe('sseData', () => {
  it.each([
    ['data: a\n\n', 'a'],
    ['data:a\n\n', 'a'],
    ['data:  a\n\n', ' a'],
    ['data: a\r\ndata: b\r\n\r\n', 'a\nb'],
    ['data\n\n', ''],
    ['\ufeffdata: a\n\n', 'a'],
    ['event: x\ndata: a\nid: 1\n\n', 'a'],
  ])('reads the payload of %j', (event, expected) => {
    expect(sseData(Buffer.from(event))?.toString()).toBe(expected);
  });

  it('reads the payload of one line as it reads any', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 2 }),
        lineEnd,
        (lines, end) => {
          const event = `${lines.map(l => l + end).join('')}${end}`;
          expect(sseData(Buffer.from(event))).toEqual(
            sseData(Buffer.from(`: more${end}${event}`)),
          );
        },
      ),
    );
  });

  it.each([': ping\n\n', 'event: x\n\n', 'dataset: a\n\n', '\n'])(
    'finds none in %j',
    event => {
      expect(sseData(Buffer.from(event))).toBeUndefined();
    },
  );
});
