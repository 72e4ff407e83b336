/** What kind of failure; each dialect has a word for it. */
export const ERROR_KINDS = [
  'invalidRequest',
  'authentication',
  'billing',
  'permission',
  'notFound',
  'conflict',
  'tooLarge',
  'rateLimit',
  'timeout',
  'overloaded',
  'api',
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

/** A failure in words of no dialect. */
export interface CanonicalError {
  readonly kind: ErrorKind;
  readonly message: string;
  /** The field at fault, in the dialect of whoever said so. */
  readonly param: string | null;
  readonly code: string | null;
}

/** What an HTTP status says by itself. */
export function errorKindOfStatus(status: number): ErrorKind {
  switch (status) {
    case 401:
      return 'authentication';
    case 402:
      return 'billing';
    case 403:
      return 'permission';
    case 404:
      return 'notFound';
    case 408:
    case 504:
      return 'timeout';
    case 409:
      return 'conflict';
    case 413:
      return 'tooLarge';
    case 429:
      return 'rateLimit';
    case 503:
    case 529:
      return 'overloaded';
    default:
      return status >= 400 && status < 500 ? 'invalidRequest' : 'api';
  }
}

/** The failure of a stream that stopped before its end. */
export const STREAM_CUT_OFF: CanonicalError = {
  kind: 'api',
  message: 'The stream ended before the answer did.',
  param: null,
  code: 'stream_cut_off',
};

/** The failure of a stream with an event that nobody can read. */
export const STREAM_UNREADABLE: CanonicalError = {
  kind: 'api',
  message: 'The stream held an event that is not readable.',
  param: null,
  code: 'stream_unreadable',
};
