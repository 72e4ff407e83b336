// @ts-check
/**
 * Asks so many times, so many at once, and no sooner than it has been answered. Says `ready`, waits for a line of input, and ends when the
 * last answer is there.
 *
 * @typedef {{
 *   port: number;
 *   request: string;
 *   connections: number;
 *   times: number;
 * }} ClosedLoopTask `request` as it is on the wire; each answer is a 200 that comes in one piece or more, and ends with a brace
 */
import { once } from 'node:events';
import { connect } from 'node:net';

/** @type {ClosedLoopTask} */
const { port, request, connections, times } = JSON.parse(
  process.env.BENCH_TASK ?? '{}',
);
const OK = Buffer.from('HTTP/1.1 200 ');
const BRACE = 0x7d;
let begun = 0;

/** One connection, which asks as long as there is something to ask. */
const askOn = () =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    let answering = false;
    const next = () => {
      answering = false;
      if (begun === times) {
        resolve(socket.destroy());
        return;
      }
      begun += 1;
      socket.write(request);
    };
    socket.on('connect', next).on('error', reject);
    socket.on('close', () => reject(new Error('Closed')));
    socket.on('data', piece => {
      if (!answering && !piece.subarray(0, OK.length).equals(OK)) {
        reject(new Error(`Not a success: ${piece}`));
        return;
      }
      answering = true;
      if (piece.at(-1) === BRACE) next();
    });
  });

process.stdout.write('ready\n');
await once(process.stdin, 'data');
await Promise.all(Array.from({ length: connections }, askOn));
process.exit();
