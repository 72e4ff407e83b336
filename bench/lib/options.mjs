// @ts-check
import { parseArgs } from 'node:util';
import { Refusal } from '../../scripts/lib/terminal.mjs';

export const help = `
Measures the gateway beside others, on one machine, in one run, against one upstream. Linux; needs wrk.

  npm run bench -- [options]

  --only a,b        subjects: direct, nginx, bare, bare-durable, gateway, gateway-interval,
                    gateway-large, portkey, litellm, bifrost
  --skip what,…     parts: throughput, latency, streams
  --seconds n       how long each measurement takes (5)
  --warm-up n       seconds for which each subject is asked before anything is measured (40)
  --lead-in n       seconds for which each is asked right before its throughput is measured (8)
  --rounds n        how often each is repeated; medians are told (3)
  --connections n,… for throughput (16,64,256)
  --rate n          requests per second for latency (100)
  --streams n,…     how many at once (100,1500)
  --tokens n        of a stream (50)
  --every-ms n      between two tokens (200)
  --no-pin          let the system choose the cores
  --out file        where the figures go as JSON (.data/bench/results.json)
  --write           put the figures into docs/benchmarks.md
  --help
`.trim();

const parts = ['throughput', 'latency', 'streams'];

/**
 * @param {string[]} args
 * @throws {Refusal} that names the option at fault
 */
export const readOptions = args => {
  const { values } = parse(args);
  const list = (/** @type {string | undefined} */ text) =>
    text?.split(',').filter(Boolean) ?? [];
  const count = (
    /** @type {string} */ name,
    /** @type {string | undefined} */ text,
  ) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) {
      throw new Refusal(`--${name} must be a whole number of at least 1.`);
    }
    return value;
  };
  const skip = list(values.skip);
  const unknown = skip.find(part => !parts.includes(part));
  if (unknown) throw new Refusal(`There is no part ${unknown}.`, [help]);
  return {
    help: Boolean(values.help),
    only: list(values.only),
    skip: new Set(skip),
    seconds: count('seconds', values.seconds),
    warmUpSeconds: count('warm-up', values['warm-up']),
    leadInSeconds: count('lead-in', values['lead-in']),
    rounds: count('rounds', values.rounds),
    connections: list(values.connections).map(n => count('connections', n)),
    rate: count('rate', values.rate),
    streams: list(values.streams).map(n => count('streams', n)),
    tokens: count('tokens', values.tokens),
    everyMs: count('every-ms', values['every-ms']),
    pin: !values['no-pin'],
    out: values.out,
    write: Boolean(values.write),
  };
};

/** @typedef {ReturnType<typeof readOptions>} BenchOptions */

/** @param {string[]} args */
const parse = args => {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: 'string' },
        skip: { type: 'string' },
        seconds: { type: 'string', default: '5' },
        'warm-up': { type: 'string', default: '40' },
        'lead-in': { type: 'string', default: '8' },
        rounds: { type: 'string', default: '3' },
        connections: { type: 'string', default: '16,64,256' },
        rate: { type: 'string', default: '100' },
        streams: { type: 'string', default: '100,1500' },
        tokens: { type: 'string', default: '50' },
        'every-ms': { type: 'string', default: '200' },
        'no-pin': { type: 'boolean' },
        out: { type: 'string' },
        write: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Refusal(/** @type {Error} */ (error).message, ['', help]);
  }
};
