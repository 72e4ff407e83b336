// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processBegan } from './processIdentity.mjs';
import { Processes } from './processes.mjs';

/**
 * A process that says when it is up and when it is asked to end.
 *
 * @param {string} name
 * @param {Partial<import('./processes.mjs').ProcessSpec>} [more]
 */
const polite = (name, more = {}) => ({
  name,
  command: process.execPath,
  args: [
    '-e',
    `process.on('SIGTERM', () => { console.log('ending'); setTimeout(process.exit, 50, 0); });
     setInterval(() => {}, 1000);
     console.log('up');`,
  ],
  cwd: process.cwd(),
  env: process.env,
  ...more,
});

/** Collects the log, and lets one wait for a line of it. */
const collect = () => {
  /** @type {string[]} */
  const lines = [];
  /** @type {Array<() => void>} */
  let listeners = [];
  return {
    lines,
    output: (/** @type {string} */ name, /** @type {string} */ line) => {
      lines.push(`${name}: ${line}`);
      for (const listener of listeners) listener();
    },
    /** @param {string} wanted @returns {Promise<void>} */
    line: wanted =>
      new Promise(resolve => {
        const check = () => {
          if (lines.includes(wanted)) resolve();
        };
        listeners = [...listeners, check];
        check();
      }),
  };
};

test('ends what is last only after all others have ended', async () => {
  const log = collect();
  const processes = new Processes({ output: log.output });
  const database = processes.start(polite('database', { last: true }));
  const server = processes.start(polite('server'));
  await Promise.all([log.line('database: up'), log.line('server: up')]);
  /** @type {string[]} */
  const order = [];
  void database.ended.then(() => order.push('database'));
  void server.ended.then(() => order.push('server'));
  await processes.stop();
  assert.deepEqual(order, ['server', 'database']);
  assert.deepEqual(log.lines.slice(-2), ['server: ending', 'database: ending']);
});

test('kills a process that does not end, and what it started itself', async () => {
  const log = collect();
  const processes = new Processes({ output: log.output });
  const stubborn = processes.start({
    ...polite('stubborn', { graceMs: 50 }),
    args: [
      '-e',
      `process.on('SIGTERM', () => {});
       const child = require('node:child_process').spawn('sleep', ['60']);
       console.log('child ' + child.pid);`,
    ],
  });
  while (!log.lines.some(line => line.startsWith('stubborn: child'))) {
    await new Promise(resolve => setImmediate(resolve));
  }
  const child = Number(log.lines[0].split(' ').pop());
  await processes.stop();
  assert.ok(stubborn.hasEnded());
  while (processBegan(child) !== undefined) {
    await new Promise(resolve => setImmediate(resolve));
  }
});

test('reports the first process that ends unasked, with its last lines', async () => {
  const log = collect();
  const processes = new Processes({ output: log.output });
  processes.start(polite('server'));
  await log.line('server: up');
  processes.start({
    ...polite('broken'),
    args: ['-e', `console.error('no such table'); process.exitCode = 3;`],
  });
  assert.deepEqual(await processes.crashed, {
    name: 'broken',
    how: 'exit code 3',
    lastLines: ['no such table'],
  });
  await processes.stop();
});

test('reports a program that is not there as a crash', async () => {
  const processes = new Processes({ output: () => {} });
  processes.start(polite('missing', { command: '/no/such/program' }));
  const { name, how } = await processes.crashed;
  assert.equal(name, 'missing');
  assert.match(how, /ENOENT/);
  await processes.stop();
});
