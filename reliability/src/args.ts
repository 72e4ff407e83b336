import { parseArgs } from 'node:util';
import type { Form } from './Scenario';

export type Arguments =
  | {
      readonly type: 'run';
      /** Empty: all. */
      readonly names: readonly string[];
      readonly form: Form;
      readonly seed: number | null;
    }
  | { readonly type: 'list' }
  | { readonly type: 'help' }
  | { readonly type: 'invalid'; readonly reason: string };

export const USAGE = `
Usage: npm run reliability -- <scenario…|all> [--short|--long] [--seed <n>]

  --short    some seconds to a minute each, as in CI (the default)
  --long     what the figures in docs/reliability.md come from
  --seed     repeats the random choices of an earlier run
  --list     what scenarios there are
`.trim();

/** Reads the command line. */
export function parseArguments(
  args: readonly string[],
  known: readonly string[],
): Arguments {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        short: { type: 'boolean' },
        long: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean' },
        seed: { type: 'string' },
      },
    });
  } catch (error) {
    return {
      type: 'invalid',
      reason: error instanceof Error ? error.message : String(error),
    };
  }
  const { values, positionals } = parsed;
  if (values.help) return { type: 'help' };
  if (values.list) return { type: 'list' };
  if (values.short && values.long) {
    return { type: 'invalid', reason: 'Choose --short or --long' };
  }
  if (positionals.length === 0) {
    return { type: 'invalid', reason: 'Name a scenario, or all of them: all' };
  }
  const unknown = positionals.find(
    name => name !== 'all' && !known.includes(name),
  );
  if (unknown !== undefined) {
    return { type: 'invalid', reason: `There is no scenario ${unknown}` };
  }
  if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed)) {
    return { type: 'invalid', reason: '--seed takes a whole number' };
  }
  return {
    type: 'run',
    names: positionals.includes('all') ? [] : positionals,
    form: values.long ? 'long' : 'short',
    seed: values.seed === undefined ? null : Number(values.seed),
  };
}
