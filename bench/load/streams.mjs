// @ts-check
/**
 * Opens many streams, spread over a second or so, reads each to its end, and prints how they ended.
 *
 * A stream is whole when it has status 200, as many events as the upstream sends, and ends in `[DONE]` and in HTTP's last chunk. Straight
 * on sockets, so that the reader costs little beside what is measured.
 *
 * Reads its task from the environment: BENCH_TASK, a JSON of `{ url, headers, body, streams, spreadMs, deadlineMs, events }`.
 */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const task = JSON.parse(process.env.BENCH_TASK ?? '{}');
const url = new URL(task.url);
const request = [
  `POST ${url.pathname} HTTP/1.1`,
  `host: ${url.host}`,
  'content-type: application/json',
  `content-length: ${Buffer.byteLength(task.body)}`,
  ...Object.entries(task.headers).map(([name, value]) => `${name}: ${value}`),
  '',
  task.body,
].join('\r\n');

const mark = Buffer.from('data:');
const tailBytes = 64;

/** @type {Record<string, number>} */
const ends = {};
/** @type {number[]} */
const firstMs = [];
/** @type {Set<() => void>} */
const open = new Set();

/** @returns {Promise<void>} */
const one = () =>
  new Promise(resolve => {
    const began = performance.now();
    let events = 0;
    let status = '';
    let tail = Buffer.alloc(0);
    const socket = connect({ host: url.hostname, port: Number(url.port) });
    const finish = (/** @type {string} */ how) => {
      if (!open.delete(late)) return;
      ends[how] = (ends[how] ?? 0) + 1;
      socket.destroy();
      resolve();
    };
    const late = () => finish('not over in time');
    open.add(late);
    socket.setNoDelay(true);
    socket.write(request);
    socket.on('data', chunk => {
      if (status === '') {
        status = chunk.latin1Slice(9, 12);
        if (status !== '200') {
          finish(`status ${status}`);
          return;
        }
        firstMs.push(performance.now() - began);
      }
      // A mark may be cut in two; what is kept for that is too short to hold one that has been counted.
      const bytes = Buffer.concat([tail.subarray(1 - mark.length), chunk]);
      for (
        let at = bytes.indexOf(mark);
        at >= 0;
        at = bytes.indexOf(mark, at + mark.length)
      ) {
        events += 1;
      }
      tail = Buffer.concat([tail, chunk]).subarray(-tailBytes);
      if (tail.includes('\r\n0\r\n\r\n')) {
        const whole = tail.includes('[DONE]') && events >= task.events;
        finish(whole ? 'whole' : 'cut short');
      }
    });
    socket.on('error', error => finish(error.message));
    socket.on('close', () => finish('connection closed'));
  });

const all = [];
const start = performance.now();
for (let i = 0; i < task.streams; i += 1) {
  const due = start + (i * task.spreadMs) / task.streams;
  const wait = due - performance.now();
  if (wait > 1) await delay(wait);
  all.push(one());
}
const deadline = setTimeout(() => {
  for (const late of [...open]) late();
}, task.deadlineMs);
await Promise.all(all);
clearTimeout(deadline);
firstMs.sort((a, b) => a - b);
const { whole = 0, ...failures } = ends;
process.stdout.write(
  `${JSON.stringify({
    whole,
    failures,
    seconds: (performance.now() - start) / 1000,
    firstMs: firstMs[firstMs.length >> 1] ?? null,
  })}\n`,
);
