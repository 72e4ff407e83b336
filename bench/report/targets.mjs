// @ts-check
import { median } from '../lib/median.mjs';

/**
 * What the gateway is to hold, and what it held.
 *
 * @param {any} results
 * @returns {Array<{ target: string, measured: string, holds: boolean | null }>} null: was not measured
 */
export const targetsOf = results => {
  const find = (/** @type {string} */ name) =>
    results.subjects.find((/** @type {any} */ s) => s.name === name);
  const [direct, bare, gateway, interval, large] = [
    'direct',
    'bare',
    'gateway',
    'gateway-interval',
    'gateway-large',
  ].map(find);
  const connections = Object.keys(gateway?.throughput ?? {});
  const rate = (/** @type {any} */ s, /** @type {string} */ n) =>
    middle(s?.throughput[n], e => e.perSecond);
  const cpu = (/** @type {any} */ s) =>
    middle(s?.throughput[connections[0]], e => e.cpuUsPerRequest);
  const added = (/** @type {any} */ s, /** @type {string} */ quantile) =>
    median(
      (s?.latency ?? []).map((/** @type {any} */ e, /** @type {number} */ i) =>
        direct?.latency[i] ? e[quantile] - direct.latency[i][quantile] : null,
      ),
    );
  const { rate: perSecond } = results.settings;
  const most = Object.keys(gateway?.streams ?? {}).at(-1) ?? '';
  const streams = (/** @type {any} */ s) => s?.streams[most];
  const streamCpu = (/** @type {any} */ s) =>
    middle(streams(s), e => e.cpuMsPerStream);
  const broken = (streams(gateway) ?? []).map((/** @type {any} */ e) =>
    Object.values(e.failures).reduce((sum, n) => sum + Number(n), 0),
  );
  return [
    ...connections.map(n =>
      atLeast(
        `throughput of bare Node, ${n} connections`,
        0.6,
        over(rate(gateway, n), rate(bare, n)),
      ),
    ),
    ...[gateway, interval]
      .filter(Boolean)
      .flatMap(s => [
        atMost(
          `added p50 at ${perSecond} requests/s, ms, ${s.title}`,
          1,
          added(s, 'p50Ms'),
        ),
        atMost(
          `added p95 at ${perSecond} requests/s, ms, ${s.title}`,
          2,
          added(s, 'p95Ms'),
        ),
      ]),
    atMost(
      `streams of ${most} not whole`,
      0,
      broken.length > 0 ? Math.max(...broken) : null,
    ),
    atMost(
      `memory with ${most} streams, MB`,
      400,
      middle(streams(gateway), e => e.residentMb),
    ),
    atMost(
      `CPU per stream of bare Node's, ${most} streams`,
      1.3,
      over(streamCpu(gateway), streamCpu(bare)),
    ),
    atMost(
      'CPU per request with 100,000 keys and 1,000 models, of that with 10 and 1',
      1.1,
      over(cpu(large), cpu(gateway)),
    ),
  ];
};

/**
 * @param {any[] | undefined} entries
 * @param {(entry: any) => number | null} pick
 */
const middle = (entries, pick) => median((entries ?? []).map(pick));

/** @param {number | null} a @param {number | null} b */
const over = (a, b) => (a === null || !b ? null : a / b);

/** @param {number} value */
const two = value => String(Math.round(value * 100) / 100);

/** @param {string} what @param {number} limit @param {number | null} value */
const atMost = (what, limit, value) => ({
  target: `${what}: at most ${limit}`,
  measured: value === null ? '–' : two(value),
  holds: value === null ? null : value <= limit,
});

/** @param {string} what @param {number} limit @param {number | null} value */
const atLeast = (what, limit, value) => ({
  target: `${what}: at least ${limit}`,
  measured: value === null ? '–' : two(value),
  holds: value === null ? null : value >= limit,
});
