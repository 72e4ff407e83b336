// @ts-check
import { median } from '../lib/median.mjs';

/**
 * The figures as tables of Markdown: medians over the rounds, and each beside what bare Node takes.
 *
 * @param {any} results as they are written to the file
 * @returns {string}
 */
export const tablesOf = results => {
  const { subjects } = results;
  const sections = [];
  for (const connections of keysOf(subjects, 'throughput')) {
    sections.push(throughputTable(subjects, connections));
  }
  if (subjects.some((/** @type {any} */ s) => s.latency.length > 0)) {
    sections.push(latencyTable(subjects, results.settings.rate));
  }
  for (const streams of keysOf(subjects, 'streams')) {
    sections.push(streamTable(subjects, streams));
  }
  return sections.join('\n\n');
};

/** @param {any[]} subjects @param {string} part */
const keysOf = (subjects, part) => [
  ...new Set(subjects.flatMap(subject => Object.keys(subject[part]))),
];

/**
 * @param {any[]} entries of all rounds
 * @param {(entry: any) => number | null | undefined} pick
 */
const middle = (entries, pick) =>
  median((entries ?? []).map(entry => pick(entry) ?? null));

/** @param {number | null} value @param {number} digits */
const shown = (value, digits = 0) =>
  value === null
    ? '–'
    : value.toLocaleString('en', {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });

/** @param {number | null} value @param {number | null} base */
const ratio = (value, base) =>
  value === null || !base ? '–' : shown(value / base, 2);

/** @param {any[]} entries */
const failed = entries =>
  shown((entries ?? []).reduce((sum, entry) => sum + entry.failed, 0));

/**
 * @param {string} caption
 * @param {string[]} head
 * @param {string[][]} rows
 */
const table = (caption, head, rows) => {
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows];
  return `${caption}\n\n${lines.map(cells => `| ${cells.join(' | ')} |`).join('\n')}`;
};

/** @param {any[]} subjects @param {string} connections */
const throughputTable = (subjects, connections) => {
  const of = (/** @type {any} */ subject) => subject?.throughput[connections];
  const bare = of(subjects.find(({ name }) => name === 'bare'));
  const bareRate = middle(bare, e => e.perSecond);
  const bareCpu = middle(bare, e => e.cpuUsPerRequest);
  return table(
    `Short requests, as many as it takes over ${connections} connections:`,
    [
      '',
      'requests/s',
      'of bare Node',
      'p50 ms',
      'p99 ms',
      'CPU µs/request',
      'of bare Node',
      'MB',
      'failed',
    ],
    subjects.map(subject => {
      const own = of(subject);
      const rate = middle(own, e => e.perSecond);
      const isDirect = subject.name === 'direct';
      const cpu = isDirect ? null : middle(own, e => e.cpuUsPerRequest);
      return [
        subject.title,
        shown(rate),
        ratio(rate, bareRate),
        shown(
          middle(own, e => e.p50Ms),
          2,
        ),
        shown(
          middle(own, e => e.p99Ms),
          2,
        ),
        shown(cpu),
        ratio(cpu, bareCpu),
        isDirect ? '–' : shown(middle(own, e => e.residentMb)),
        failed(own),
      ];
    }),
  );
};

/** @param {any[]} subjects @param {number} rate */
const latencyTable = (subjects, rate) => {
  const direct = subjects.find(({ name }) => name === 'direct')?.latency;
  const added = (/** @type {any[]} */ own, /** @type {string} */ quantile) => {
    // Round by round: both were measured within moments.
    const differences = own.map((entry, round) =>
      direct?.[round] && entry[quantile] !== null
        ? entry[quantile] - direct[round][quantile]
        : null,
    );
    return shown(median(differences), 2);
  };
  return table(
    `Short requests at ${rate} a second, sent on time whatever becomes of earlier ones; what is added to going direct:`,
    [
      '',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'added p50',
      'added p95',
      'added p99',
      'CPU µs/request',
      'failed',
    ],
    subjects.map(({ name, title, latency }) => [
      title,
      ...['p50Ms', 'p95Ms', 'p99Ms'].map(q =>
        shown(
          middle(latency, e => e[q]),
          2,
        ),
      ),
      ...['p50Ms', 'p95Ms', 'p99Ms'].map(q =>
        name === 'direct' ? '–' : added(latency, q),
      ),
      name === 'direct' ? '–' : shown(middle(latency, e => e.cpuUsPerRequest)),
      failed(latency),
    ]),
  );
};

/** @param {any[]} subjects @param {string} streams */
const streamTable = (subjects, streams) => {
  const of = (/** @type {any} */ subject) => subject?.streams[streams];
  const bareCpu = middle(
    of(subjects.find(({ name }) => name === 'bare')),
    e => e.cpuMsPerStream,
  );
  return table(
    `${shown(Number(streams))} streams at once:`,
    [
      '',
      'whole',
      'not whole',
      'first byte ms',
      'CPU ms/stream',
      'of bare Node',
      'MB',
    ],
    subjects.map(subject => {
      const own = of(subject);
      const isDirect = subject.name === 'direct';
      const cpu = isDirect ? null : middle(own, e => e.cpuMsPerStream);
      return [
        subject.title,
        shown(middle(own, e => e.whole)),
        brokenOf(own),
        shown(
          middle(own, e => e.firstMs),
          1,
        ),
        shown(cpu, 1),
        ratio(cpu, bareCpu),
        isDirect ? '–' : shown(middle(own, e => e.residentMb)),
      ];
    }),
  );
};

/** @param {any[]} entries the worst round's */
const brokenOf = entries => {
  const counts = (entries ?? []).map(({ failures }) =>
    Object.values(failures).reduce((sum, n) => sum + Number(n), 0),
  );
  return counts.length === 0 ? '–' : shown(Math.max(...counts));
};
