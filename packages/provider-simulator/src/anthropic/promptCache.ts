import { createHash } from 'node:crypto';
import type { Segment } from './promptSegments';

/** How far before a breakpoint a shorter prefix is looked for, in blocks; as Anthropic documents. */
const LOOKBACK_BLOCKS = 20;
const MAX_PREFIXES = 10_000;
const LIFETIME_MS = { '5m': 300_000, '1h': 3_600_000 } as const;

/** Prompt tokens that a cache saved, and those it was given to keep. */
export interface CacheUse {
  readonly read: number;
  readonly written5m: number;
  readonly written1h: number;
}

interface Remembered {
  readonly lifetimeMs: number;
  expiresAt: number;
}

/**
 * Remembers which prefixes of prompts have been cached, by digest, until they expire. The longest remembered prefix
 * that ends at a breakpoint, or at most 20 blocks before one, is read; what lies between it and the last breakpoint
 * is written. Unlike Anthropic's there is no least length of a prefix.
 */
export class PromptCache {
  readonly #now: () => number;
  readonly #prefixes = new Map<string, Remembered>();

  /** @param now - milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
  }

  clear(): void {
    this.#prefixes.clear();
  }

  /** Looks up a prompt and remembers it as far as its segments ask. */
  use(model: string, segments: readonly Segment[]): CacheUse {
    const breakpoints = segments.flatMap(({ cache }, index) =>
      cache ? [{ index, cache }] : [],
    );
    if (breakpoints.length === 0)
      return { read: 0, written5m: 0, written1h: 0 };

    const prefixes = prefixesOf(model, segments);
    const found = this.#longest(
      prefixes,
      breakpoints.map(({ index }) => index),
    );
    let from = found;
    const written = { '5m': 0, '1h': 0 };
    for (const { index, cache } of breakpoints) {
      this.#remember(prefixes[index].digest, LIFETIME_MS[cache]);
      if (index <= from) continue;
      written[cache] +=
        prefixes[index].tokens - (from < 0 ? 0 : prefixes[from].tokens);
      from = index;
    }
    return {
      read: found < 0 ? 0 : prefixes[found].tokens,
      written5m: written['5m'],
      written1h: written['1h'],
    };
  }

  /** Where the longest remembered prefix ends; -1 for none. Being read prolongs its life. */
  #longest(
    prefixes: readonly Prefix[],
    breakpoints: readonly number[],
  ): number {
    for (const breakpoint of breakpoints.toReversed()) {
      const earliest = Math.max(0, breakpoint - LOOKBACK_BLOCKS);
      for (let index = breakpoint; index >= earliest; index--) {
        const { digest } = prefixes[index];
        const known = this.#prefixes.get(digest);
        if (known && known.expiresAt > this.#now()) {
          this.#remember(digest, known.lifetimeMs);
          return index;
        }
      }
    }
    return -1;
  }

  #remember(digest: string, lifetimeMs: number): void {
    // A Map iterates in the order of insertion: re-inserting makes this prefix the youngest.
    this.#prefixes.delete(digest);
    this.#prefixes.set(digest, {
      lifetimeMs,
      expiresAt: this.#now() + lifetimeMs,
    });
    for (const oldest of this.#prefixes.keys()) {
      if (this.#prefixes.size <= MAX_PREFIXES) break;
      this.#prefixes.delete(oldest);
    }
  }
}

interface Prefix {
  readonly digest: string;
  readonly tokens: number;
}

function prefixesOf(model: string, segments: readonly Segment[]): Prefix[] {
  let digest = model;
  let tokens = 0;
  return segments.map(segment => {
    digest = createHash('sha256')
      .update(`${digest}\n${segment.key}`)
      .digest('base64');
    tokens += segment.tokens;
    return { digest, tokens };
  });
}
