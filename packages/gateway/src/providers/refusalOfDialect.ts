import type { CanonicalError, DialectRefusal } from '../dialects';
import { refuse, type Refusal } from '../errors/registry';
import { withoutSecrets } from './mapError';
import { isUnpaidMessage } from './unpaid';

const MAX_MESSAGE_LENGTH = 1_000;

/** Why a request cannot be translated, as the client is told. */
export function refusalOfDialect(refusal: DialectRefusal): Refusal {
  switch (refusal.code) {
    case 'missing_parameter':
      return refuse(refusal.code, refusal);
    case 'invalid_type':
      return refuse(refusal.code, refusal);
    case 'invalid_parameter':
    case 'unsupported_parameter':
      return refuse(refusal.code, refusal);
    default: {
      const impossible: never = refusal;
      throw new TypeError(`Unknown refusal: ${JSON.stringify(impossible)}`);
    }
  }
}

/** What an error that a provider tells in an answer of success, or within a stream, comes to for the client. */
export function refusalOfError({ kind, message }: CanonicalError): Refusal {
  switch (kind) {
    case 'invalidRequest':
    case 'tooLarge':
      if (isUnpaidMessage(message)) {
        return refuse('upstream_account_exhausted', {});
      }
      return refuse('upstream_rejected', {
        message: withoutSecrets(message).slice(0, MAX_MESSAGE_LENGTH),
      });
    case 'rateLimit':
      return refuse('upstream_rate_limited', {});
    case 'timeout':
      return refuse('upstream_timeout', {});
    case 'authentication':
    case 'permission':
      return refuse('upstream_auth_failed', {});
    case 'billing':
      return refuse('upstream_account_exhausted', {});
    case 'notFound':
      return refuse('upstream_misconfigured', {});
    case 'conflict':
    case 'overloaded':
    case 'api':
      return refuse('upstream_error', {});
    default: {
      const impossible: never = kind;
      throw new TypeError(`Unknown kind: ${impossible}`);
    }
  }
}
