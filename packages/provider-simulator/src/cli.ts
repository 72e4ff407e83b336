import { parseArgs } from 'node:util';
import type { SimulatorOptions } from './options';

const DEFAULT_PORT = 4010;

export const USAGE = `Usage: provider-simulator [options]

  --port <n>               port on 127.0.0.1, 0 for any     SIMULATOR_PORT               default ${DEFAULT_PORT}
  --first-token-ms <n>     delay of the first token         SIMULATOR_FIRST_TOKEN_MS     default: the model's
  --tokens-per-second <n>  pace after it, 0 for no pace     SIMULATOR_TOKENS_PER_SECOND  default: the model's
  --tokens-per-chunk <n>   tokens per streamed chunk        SIMULATOR_TOKENS_PER_CHUNK   default 1
  --refuse-unlisted        404 for models not listed        SIMULATOR_REFUSE_UNLISTED=1  default: answer them
  --azure-token <token>    bearer token for Azure URLs      SIMULATOR_AZURE_TOKEN        default: none accepted
  --help                   this text
                           key that requests must carry     SIMULATOR_API_KEY            default: none needed
`;

export type CliParse =
  | { readonly type: 'run'; readonly options: SimulatorOptions }
  | { readonly type: 'help' }
  /** `reason` names the flag or variable that makes no sense. */
  | { readonly type: 'invalid'; readonly reason: string };

/**
 * Reads flags and environment; a flag decides over its variable. The key has no flag, because command lines are
 * public; the Azure token has one for tests, where it is no secret.
 */
export function parseCli(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CliParse {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'first-token-ms': { type: 'string' },
        'tokens-per-second': { type: 'string' },
        'tokens-per-chunk': { type: 'string' },
        'refuse-unlisted': { type: 'boolean' },
        'azure-token': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) return { type: 'help' };
    const number = (flag: NumberFlag, variable: string, range: Range) =>
      values[flag] === undefined
        ? numberFrom(variable, env[variable], range)
        : numberFrom(`--${flag}`, values[flag], range);

    const pace = number('tokens-per-second', 'SIMULATOR_TOKENS_PER_SECOND', {
      least: 0,
      most: 1e9,
    });
    return {
      type: 'run',
      options: {
        port:
          number('port', 'SIMULATOR_PORT', { least: 0, most: 65_535 }) ??
          DEFAULT_PORT,
        firstTokenMs: number('first-token-ms', 'SIMULATOR_FIRST_TOKEN_MS', {
          least: 0,
          most: 600_000,
        }),
        tokensPerSecond: pace === 0 ? Infinity : pace,
        tokensPerChunk: number(
          'tokens-per-chunk',
          'SIMULATOR_TOKENS_PER_CHUNK',
          { least: 1, most: 10_000 },
        ),
        apiKey: env.SIMULATOR_API_KEY || undefined,
        azureToken:
          values['azure-token'] || env.SIMULATOR_AZURE_TOKEN || undefined,
        unlistedModels:
          values['refuse-unlisted'] || env.SIMULATOR_REFUSE_UNLISTED === '1'
            ? 'refuse'
            : 'answer',
      },
    };
  } catch (error) {
    if (error instanceof RangeError || isParseArgsError(error)) {
      return { type: 'invalid', reason: error.message };
    }
    throw error;
  }
}

type NumberFlag =
  'port' | 'first-token-ms' | 'tokens-per-second' | 'tokens-per-chunk';

interface Range {
  readonly least: number;
  readonly most: number;
}

function numberFrom(
  name: string,
  text: string | undefined,
  { least, most }: Range,
): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) {
    throw new RangeError(
      `${name} must be a whole number from ${least} to ${most}, not '${text}'`,
    );
  }
  return value;
}

function isParseArgsError(error: unknown): error is Error {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}
