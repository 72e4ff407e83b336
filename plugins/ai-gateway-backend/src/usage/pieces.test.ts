import fc from 'fast-check';
import { piecesOf, type Piece } from './pieces';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(`${text}Z`);

/** How often each hour counts to each bucket. */
function countsOf(pieces: readonly Piece[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const piece of pieces) {
    for (let hour = piece.from; hour < piece.until; hour += HOUR) {
      for (const { bucket, sign } of piece.counts) {
        const id = `${bucket} ${hour}`;
        counts.set(id, (counts.get(id) ?? 0) + sign);
      }
    }
  }
  return counts;
}

describe('piecesOf', () => {
  it('takes a day of UTC as one day', () => {
    expect(
      piecesOf([at('2026-03-01T00:00')], at('2026-03-02T00:00'), {
        months: false,
      }),
    ).toEqual([
      {
        span: 'day',
        from: at('2026-03-01T00:00'),
        until: at('2026-03-02T00:00'),
        counts: [{ bucket: 0, sign: 1 }],
      },
    ]);
  });

  it('takes days of another zone as days and the hours between, each once for both of its sides', () => {
    const pieces = piecesOf(
      ['2026-02-28T23:00', '2026-03-01T23:00'].map(at),
      at('2026-03-02T23:00'),
      { months: false },
    );
    expect(pieces.map(({ span, counts }) => [span, counts])).toEqual([
      ['day', [{ bucket: 0, sign: 1 }]],
      ['hour', [{ bucket: 0, sign: 1 }]],
      [
        'hour',
        [
          { bucket: 0, sign: -1 },
          { bucket: 1, sign: 1 },
        ],
      ],
      ['day', [{ bucket: 1, sign: 1 }]],
      ['hour', [{ bucket: 1, sign: -1 }]],
    ]);
  });

  it('takes a year as months, and days and hours at its ends', () => {
    const pieces = piecesOf([at('2025-06-20T05:00')], at('2026-06-20T05:00'), {
      months: true,
    });
    expect(pieces.map(({ span }) => span).sort()).toEqual([
      'day',
      'day',
      'hour',
      'hour',
      'month',
    ]);
  });

  it('counts every hour once, to its own bucket', () => {
    const hour = fc.integer({ min: 0, max: 24 * 130 });
    fc.assert(
      fc.property(
        fc.uniqueArray(hour, { minLength: 2, maxLength: 12 }),
        fc.boolean(),
        (hours, months) => {
          const bounds = hours
            .sort((a, b) => a - b)
            .map(n => at('2025-12-20T00:00') + n * HOUR);
          const starts = bounds.slice(0, -1);
          const until = bounds[bounds.length - 1];
          const expected = new Map<string, number>();
          starts.forEach((start, bucket) => {
            const end = starts[bucket + 1] ?? until;
            for (let h = start; h < end; h += HOUR) {
              expected.set(`${bucket} ${h}`, 1);
            }
          });
          const counts = countsOf(piecesOf(starts, until, { months }));
          for (const [id, n] of counts) if (n === 0) counts.delete(id);
          expect(counts).toEqual(expected);
        },
      ),
    );
  });
});
