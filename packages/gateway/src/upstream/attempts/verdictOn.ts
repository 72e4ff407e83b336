import type { ErrorCode } from '../../errors/registry';

/** What the failure of an attempt means. */
export interface Verdict {
  /**
   * Where it is worth trying again:
   *
   * - `same`: at the same deployment after a moment, or at another
   * - `elsewhere`: only at another
   * - `nowhere`: the request is at fault, or another answer would be as bad
   */
  readonly retry: 'same' | 'elsewhere' | 'nowhere';
  /**
   * What it says of the deployment: that it failed; that its provider limits requests, which is no failure; or nothing.
   */
  readonly says: 'failed' | 'limited' | 'nothing';
}

/** Judges a failed attempt by its error. */
export function verdictOn(code: ErrorCode): Verdict {
  switch (code) {
    // Nothing was asked, or what was asked came to nothing.
    case 'upstream_unreachable':
    case 'upstream_error':
    case 'upstream_cut_off':
      return { retry: 'same', says: 'failed' };
    case 'upstream_rate_limited':
      return { retry: 'elsewhere', says: 'limited' };
    // What has been silent for so long will not speak the next moment, and what is set up wrongly is so the next time too.
    case 'upstream_timeout':
    case 'upstream_invalid_response':
    case 'upstream_auth_failed':
    case 'upstream_account_exhausted':
    case 'upstream_misconfigured':
      return { retry: 'elsewhere', says: 'failed' };
    case 'upstream_rejected':
    case 'response_too_large':
      return { retry: 'nowhere', says: 'nothing' };
    default:
      // What this deployment cannot be asked for, another may.
      return { retry: 'elsewhere', says: 'nothing' };
  }
}
