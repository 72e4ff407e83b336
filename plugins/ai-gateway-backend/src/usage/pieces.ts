/** How long the spans are that usage is summed up by. */
export type Span = 'hour' | 'day' | 'month';

/** A run of whole UTC hours, days or months, in milliseconds since the epoch: `until` is excluded. */
export interface Run {
  readonly span: Span;
  readonly from: number;
  readonly until: number;
}

/** A run, and where its sums count: added to some buckets (1) and taken from others (-1). */
export interface Piece extends Run {
  readonly counts: ReadonlyArray<{
    readonly bucket: number;
    readonly sign: 1 | -1;
  }>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Covers buckets exactly with as few sums as there may be: whole days (and months, if there are such sums) to the nearest of their ends, and
 * hours for the difference, added or taken away. So a day of Berlin, which is none of UTC, takes one day and twice two hours instead of 24
 * hours.
 *
 * @param starts - whole UTC hours at which the buckets begin, earliest first
 * @param until - the whole hour at which the last one ends
 */
export function piecesOf(
  starts: readonly number[],
  until: number,
  options: { readonly months: boolean },
): Piece[] {
  const pieces = new Map<string, { run: Run; counts: Map<number, number> }>();
  const count = (run: Run, bucket: number, sign: number) => {
    const id = `${run.span} ${run.from} ${run.until}`;
    const known = pieces.get(id) ?? { run, counts: new Map() };
    pieces.set(id, known);
    known.counts.set(bucket, (known.counts.get(bucket) ?? 0) + sign);
  };
  starts.forEach((from, bucket) => {
    const end = starts[bucket + 1] ?? until;
    for (const { run, sign } of cover(from, end, options.months)) {
      count(run, bucket, sign);
    }
  });
  return Array.from(pieces.values(), ({ run, counts }) => ({
    ...run,
    counts: [...counts].flatMap(([bucket, sign]) =>
      sign === 0
        ? []
        : [{ bucket, sign: sign > 0 ? (1 as const) : (-1 as const) }],
    ),
  }));
}

type Signed = { readonly run: Run; readonly sign: 1 | -1 };

/** Hours from one moment to another, by the largest sums there are. */
function cover(from: number, until: number, months: boolean): Signed[] {
  return between(from, until, 'hour', nearestDay, (firstDay, lastDay) =>
    months
      ? between(firstDay, lastDay, 'day', nearestMonth, (first, last) => [
          { run: { span: 'month', from: first, until: last }, sign: 1 },
        ])
      : [{ run: { span: 'day', from: firstDay, until: lastDay }, sign: 1 }],
  );
}

/** What lies between two moments: whatever is larger between the nearest of its ends, and the difference in small. */
function between(
  from: number,
  until: number,
  small: Span,
  nearest: (at: number) => number,
  large: (from: number, until: number) => Signed[],
): Signed[] {
  if (from >= until) return [];
  const first = nearest(from);
  const last = nearest(until);
  const beside = Math.abs(first - from) + Math.abs(until - last);
  if (first >= last || beside >= until - from) {
    return [{ run: { span: small, from, until }, sign: 1 }];
  }
  return [
    ...large(first, last),
    ...difference(small, from, first),
    ...difference(small, last, until),
  ];
}

/** Added when it goes forward, taken away when it goes back. */
function difference(span: Span, from: number, until: number): Signed[] {
  if (from < until) return [{ run: { span, from, until }, sign: 1 }];
  return from > until
    ? [{ run: { span, from: until, until: from }, sign: -1 }]
    : [];
}

function nearestDay(at: number): number {
  return Math.round(at / DAY) * DAY;
}

function nearestMonth(at: number): number {
  const date = new Date(at);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  return at - start < next - at ? start : next;
}
