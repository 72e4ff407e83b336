// @ts-check
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { shortBody, streamBody } from '../load/request.mjs';
import { pinning } from './machine.mjs';
import { cpuMsOf, residentBytesOf, treeOf } from './procfs.mjs';

/**
 * One measurement of one subject. All of them are bounded in time.
 *
 * @typedef {object} Target
 * @property {string} url of its chat completions
 * @property {Record<string, string>} headers
 * @property {string} model
 * @property {() => number[]} roots processes that are the subject
 * @property {() => Record<string, number[]>} helpers what it needs besides, such as Redis
 */

const here = (/** @type {string} */ file) =>
  fileURLToPath(new URL(`../load/${file}`, import.meta.url));

const sampleMs = 250;

/**
 * Runs a load, and sees what the subject uses meanwhile.
 *
 * @param {Target} target
 * @param {string[]} commandLine
 * @param {NodeJS.ProcessEnv} env
 * @param {number} limitMs
 */
const underLoad = async (target, commandLine, env, limitMs) => {
  const pids = () => target.roots().flatMap(treeOf);
  const helperPids = () =>
    Object.entries(target.helpers()).map(
      ([name, roots]) =>
        /** @type {const} */ ([name, roots.flatMap(root => treeOf(root))]),
    );
  const cpuBefore = cpuMsOf(pids());
  const helpersBefore = helperPids().map(([, all]) => cpuMsOf(all));
  let residentBytes = residentBytesOf(pids());
  const sampler = setInterval(() => {
    residentBytes = Math.max(residentBytes, residentBytesOf(pids()));
  }, sampleMs);
  try {
    const said = await outputOf(commandLine, env, limitMs);
    return {
      result: JSON.parse(said.trim().split('\n').pop() ?? ''),
      cpuMs: cpuMsOf(pids()) - cpuBefore,
      helperCpuMs: Object.fromEntries(
        helperPids().map(([name, all], i) => [
          name,
          cpuMsOf(all) - helpersBefore[i],
        ]),
      ),
      residentBytes,
    };
  } finally {
    clearInterval(sampler);
  }
};

/**
 * @param {string[]} commandLine
 * @param {NodeJS.ProcessEnv} env
 * @param {number} limitMs
 * @returns {Promise<string>}
 */
const outputOf = ([command, ...args], env, limitMs) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      err += text;
    });
    child.once('error', reject);
    child.once('close', code =>
      code === 0 ? resolve(out) : reject(new Error(`${command}: ${err}`)),
    );
  });

/**
 * As many requests as it takes, over some connections.
 *
 * @param {Target} target
 * @param {{ connections: number, seconds: number, pinned: boolean }} options
 */
export const measureThroughput = async (
  target,
  { connections, seconds, pinned },
) => {
  const { result, cpuMs, helperCpuMs, residentBytes } = await underLoad(
    target,
    [
      ...pinning('rest', pinned),
      'wrk',
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      '--timeout',
      '10s',
      '-s',
      here('wrk.lua'),
      target.url,
    ],
    {
      BENCH_BODY: shortBody(target.model),
      BENCH_HEADERS: Object.entries({
        'content-type': 'application/json',
        ...target.headers,
      })
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
    },
    (seconds + 30) * 1000,
  );
  const served = result.requests - result.failed;
  const perRequest = (/** @type {number} */ ms) =>
    served > 0 ? (ms * 1000) / served : null;
  return {
    perSecond: served / (result.microseconds / 1e6),
    failed: result.failed,
    p50Ms: result.p50 / 1000,
    p99Ms: result.p99 / 1000,
    cpuUsPerRequest: perRequest(cpuMs),
    helperCpuUsPerRequest: Object.fromEntries(
      Object.entries(helperCpuMs).map(([name, ms]) => [name, perRequest(ms)]),
    ),
    residentMb: residentBytes / 2 ** 20,
  };
};

/**
 * How long requests take that come at a steady rate.
 *
 * @param {Target} target
 * @param {{ perSecond: number, seconds: number, pinned: boolean }} options
 */
export const measureLatency = async (
  target,
  { perSecond, seconds, pinned },
) => {
  const task = {
    url: target.url,
    headers: target.headers,
    body: shortBody(target.model),
    perSecond,
    seconds,
  };
  const { result, cpuMs } = await underLoad(
    target,
    [...pinning('rest', pinned), process.execPath, here('openLoop.mjs')],
    { BENCH_TASK: JSON.stringify(task) },
    (seconds + 40) * 1000,
  );
  return {
    failed: result.failed,
    p50Ms: result.p50,
    p95Ms: result.p95,
    p99Ms: result.p99,
    cpuUsPerRequest: (cpuMs * 1000) / (result.requests || 1),
  };
};

/**
 * Many streams at once.
 *
 * @param {Target} target
 * @param {{ streams: number, tokens: number, everyMs: number, pinned: boolean }} options
 */
export const measureStreams = async (
  target,
  { streams, tokens, everyMs, pinned },
) => {
  const spreadMs = Math.max(1000, streams);
  const lastsMs = spreadMs + tokens * everyMs;
  const task = {
    url: target.url,
    headers: target.headers,
    body: streamBody(target.model),
    streams,
    spreadMs,
    deadlineMs: lastsMs + 15_000,
    events: tokens,
  };
  const { result, cpuMs, residentBytes } = await underLoad(
    target,
    [...pinning('rest', pinned), process.execPath, here('streams.mjs')],
    { BENCH_TASK: JSON.stringify(task) },
    lastsMs + 60_000,
  );
  return {
    whole: result.whole,
    failures: result.failures,
    seconds: result.seconds,
    firstMs: result.firstMs,
    cpuMsPerStream: result.whole > 0 ? cpuMs / result.whole : null,
    residentMb: residentBytes / 2 ** 20,
  };
};
