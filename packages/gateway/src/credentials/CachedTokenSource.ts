import type { TokenRequest, TokenResult, TokenSource } from './TokenSource';

/** A token as it was given out. Times are milliseconds since the epoch. */
export interface AcquiredToken {
  readonly token: string;
  readonly expiresAt: number;
  /** From when on its issuer wants it renewed, if it says so. */
  readonly refreshAt: number | undefined;
}

/** Asks for a new token. @throws whatever keeps it from being had */
export type AcquireToken = (request: TokenRequest) => Promise<AcquiredToken>;

/** Renewed so long before it expires, for an issuer to be away for a while. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** Not used any more so long before it expires: a request may be on its way for as long. */
const UNUSABLE_BEFORE_MS = 30_000;
/** After a failure nobody asks again for so long. */
const RETRY_AFTER_MS = 10_000;

interface Entry {
  current: AcquiredToken | undefined;
  underWay: Promise<TokenResult> | undefined;
  failure: string;
  retryAt: number;
}

/**
 * Keeps tokens for as long as they are good, one for each identity and scope. They are renewed before they expire, beside the requests
 * and not before them: a request waits only for the first token, or when renewing has failed until the last one was no good any more.
 */
export class CachedTokenSource implements TokenSource {
  readonly #acquire: AcquireToken;
  readonly #now: () => number;
  readonly #onFailure: (reason: string) => void;
  readonly #entries = new Map<string, Entry>();

  static create(options: {
    acquire: AcquireToken;
    now: () => number;
    /** Told of every token that could not be had. */
    onFailure: (reason: string) => void;
  }): CachedTokenSource {
    return new CachedTokenSource(options);
  }

  private constructor(options: {
    acquire: AcquireToken;
    now: () => number;
    onFailure: (reason: string) => void;
  }) {
    this.#acquire = options.acquire;
    this.#now = options.now;
    this.#onFailure = options.onFailure;
  }

  async token(request: TokenRequest): Promise<TokenResult> {
    const entry = this.#entryOf(request);
    const now = this.#now();
    const { current } = entry;
    const isUsable =
      current !== undefined && now < current.expiresAt - UNUSABLE_BEFORE_MS;
    if (isUsable && now < renewalOf(current)) {
      return { ok: true, token: current.token };
    }
    if (now >= entry.retryAt) entry.underWay ??= this.#renew(request, entry);
    if (isUsable) return { ok: true, token: current.token };
    return entry.underWay ?? { ok: false, reason: entry.failure };
  }

  async #renew(request: TokenRequest, entry: Entry): Promise<TokenResult> {
    try {
      const acquired = await this.#acquire(request);
      entry.current = acquired;
      // Some issuers give the same token again until it is nearly over.
      const isDue = this.#now() >= renewalOf(acquired);
      entry.retryAt = isDue ? this.#now() + RETRY_AFTER_MS : 0;
      return { ok: true, token: acquired.token };
    } catch (error) {
      const reason = `No token of the machine's identity: ${error instanceof Error ? error.message : String(error)}`;
      entry.failure = reason;
      entry.retryAt = this.#now() + RETRY_AFTER_MS;
      this.#onFailure(reason);
      return { ok: false, reason };
    } finally {
      entry.underWay = undefined;
    }
  }

  #entryOf({ clientId, scope }: TokenRequest): Entry {
    const key = JSON.stringify([clientId ?? null, scope]);
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = {
        current: undefined,
        underWay: undefined,
        failure: '',
        retryAt: 0,
      };
      this.#entries.set(key, entry);
    }
    return entry;
  }
}

function renewalOf({ expiresAt, refreshAt }: AcquiredToken): number {
  return Math.min(refreshAt ?? Infinity, expiresAt - RENEW_BEFORE_MS);
}
