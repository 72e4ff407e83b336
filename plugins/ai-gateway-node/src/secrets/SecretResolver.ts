/**
 * What came of looking a secret up. The reason never holds the secret.
 *
 * @public
 */
export type SecretLookup =
  | { readonly ok: true; readonly secret: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Finds secrets by reference at run time: `env://NAME` is an environment variable of this process.
 *
 * Only variables that the operator's patterns allow are ever read: whoever may register a provider could otherwise send any variable of
 * the process, such as the database's password, to a server of their choice.
 *
 * @public
 */
export class SecretResolver {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #allowed: readonly RegExp[];
  readonly #patterns: readonly string[];
  /** References that were found to be in order, each with its variable: no more than there are variables that are set. */
  readonly #found = new Map<string, string>();

  /**
   * @param options - `allowedEnvironment`: names of variables in which `*` stands for any run of characters
   */
  static create(options: {
    env: Readonly<Record<string, string | undefined>>;
    allowedEnvironment: readonly string[];
  }): SecretResolver {
    return new SecretResolver(options.env, options.allowedEnvironment);
  }

  private constructor(
    env: Readonly<Record<string, string | undefined>>,
    patterns: readonly string[],
  ) {
    this.#env = env;
    this.#patterns = patterns;
    this.#allowed = patterns.map(
      pattern =>
        new RegExp(
          `^${pattern.replace(/[^A-Za-z0-9_*]/g, '').replaceAll('*', '[A-Z0-9_]*')}$`,
        ),
    );
  }

  /** Whether the operator lets a reference be used at all; says why not. */
  check(secretRef: string): { ok: true } | { ok: false; reason: string } {
    const name = /^env:\/\/([A-Z_][A-Z0-9_]*)$/.exec(secretRef)?.[1];
    if (name === undefined) {
      return {
        ok: false,
        reason: `'${secretRef}' is not a secret reference; use env://NAME`,
      };
    }
    if (!this.#allowed.some(pattern => pattern.test(name))) {
      return {
        ok: false,
        reason: `The environment variable ${name} may not be used as a provider's secret; allowed are ${this.#patterns.join(', ')} (aiGateway.secrets.allowedEnvironment)`,
      };
    }
    return { ok: true };
  }

  /** Looks a secret up, as it is now. Cheap for one that has been looked up before, as each request to a provider does. */
  resolve(secretRef: string): SecretLookup {
    const known = this.#found.get(secretRef);
    if (known === undefined) {
      const checked = this.check(secretRef);
      if (!checked.ok) return checked;
    }
    const name = known ?? secretRef.slice('env://'.length);
    const secret = this.#env[name];
    if (!secret) {
      this.#found.delete(secretRef);
      return {
        ok: false,
        reason: `The environment variable ${name} is not set`,
      };
    }
    if (known === undefined) this.#found.set(secretRef, name);
    return { ok: true, secret };
  }
}
