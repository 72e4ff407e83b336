import type { Usage } from '../ledger/exactCost';

interface Common {
  readonly requestId: string;
  readonly streamed: boolean;
  /** When it was sent and when it was over, on the clock of `performance.now()`. */
  readonly sentAt: number;
  readonly endedAt: number;
}

/** What a client saw of a request. */
export type Seen = Common &
  (
    | {
        /** The whole answer came, and with it the usage. */
        readonly kind: 'complete';
        readonly usage: Usage;
        readonly headers: Readonly<Record<string, string | undefined>>;
      }
    | {
        /** An error status, with what it says. */
        readonly kind: 'refused';
        readonly status: number;
        readonly code: string;
        readonly body: string;
        readonly headers: Readonly<Record<string, string | undefined>>;
      }
    | {
        /** Nobody was there to take it. */
        readonly kind: 'unreachable';
        readonly reason: string;
      }
    | {
        /** It began, or was taken, and did not come to its end. */
        readonly kind: 'broken';
        readonly reason: string;
      }
  );

/** For people, where none of it was expected. */
export function describeSeen(seen: Seen): string {
  const { requestId, kind } = seen;
  switch (kind) {
    case 'refused':
      return `${requestId}: ${seen.status} ${seen.code}`;
    case 'unreachable':
    case 'broken':
      return `${requestId}: ${kind} (${seen.reason})`;
    default:
      return `${requestId}: ${kind}`;
  }
}

/** Those that were refused for another reason than the given ones. */
export function refusedOtherThan(
  seen: readonly Seen[],
  ...codes: readonly string[]
): Seen[] {
  return seen.filter(
    one => one.kind === 'refused' && !codes.includes(one.code),
  );
}
