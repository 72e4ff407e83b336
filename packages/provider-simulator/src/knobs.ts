import type { IncomingHttpHeaders } from 'node:http';

/** What one request may set for itself by header; absent means not set. */
export interface Knobs {
  readonly firstTokenMs?: number;
  readonly tokensPerSecond?: number;
  readonly tokensPerChunk?: number;
  readonly completionTokens?: number;
  readonly reasoningTokens?: number;
  readonly cachedTokens?: number;
  readonly toolCalls?: number;
}

interface KnobRule {
  readonly header: string;
  readonly least: number;
  readonly most: number;
  /** Whether 0 stands for "without limit". */
  readonly zeroIsUnlimited?: boolean;
  readonly whole: boolean;
}

const RULES: Readonly<Record<keyof Knobs, KnobRule>> = {
  firstTokenMs: {
    header: 'x-sim-first-token-ms',
    least: 0,
    most: 600_000,
    whole: false,
  },
  tokensPerSecond: {
    header: 'x-sim-tokens-per-second',
    least: 0,
    most: 1e9,
    zeroIsUnlimited: true,
    whole: false,
  },
  tokensPerChunk: {
    header: 'x-sim-tokens-per-chunk',
    least: 1,
    most: 10_000,
    whole: true,
  },
  completionTokens: {
    header: 'x-sim-completion-tokens',
    least: 1,
    most: 200_000,
    whole: true,
  },
  reasoningTokens: {
    header: 'x-sim-reasoning-tokens',
    least: 0,
    most: 200_000,
    whole: true,
  },
  cachedTokens: {
    header: 'x-sim-cached-tokens',
    least: 0,
    most: 1e9,
    whole: true,
  },
  toolCalls: {
    header: 'x-sim-tool-calls',
    least: 0,
    most: 64,
    whole: true,
  },
};

const knobNames = [
  'firstTokenMs',
  'tokensPerSecond',
  'tokensPerChunk',
  'completionTokens',
  'reasoningTokens',
  'cachedTokens',
  'toolCalls',
] as const satisfies readonly (keyof Knobs)[];

export type KnobsParse =
  | { readonly ok: true; readonly knobs: Knobs }
  | { readonly ok: false; readonly header: string; readonly reason: string };

/** Reads the `x-sim-…` headers; a value that makes no sense is refused, not ignored. */
export function parseKnobs(headers: IncomingHttpHeaders): KnobsParse {
  const knobs: { -readonly [K in keyof Knobs]: Knobs[K] } = {};
  for (const name of knobNames) {
    const { header, least, most, whole, zeroIsUnlimited } = RULES[name];
    const text = headers[header];
    if (text === undefined) continue;
    const value =
      typeof text === 'string' && /^\d+(\.\d+)?$/.test(text)
        ? Number(text)
        : NaN;
    if (
      !(value >= least && value <= most) ||
      (whole && !Number.isInteger(value))
    ) {
      return {
        ok: false,
        header,
        reason: `${header} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`,
      };
    }
    knobs[name] = zeroIsUnlimited && value === 0 ? Infinity : value;
  }
  return { ok: true, knobs };
}
