import { symbols } from 'pino';
import type { Exchange } from '../http/exchange';
import { isTool, pathOf } from './endpointOf';
import type { Log } from './log';
import { withoutKeys } from './withoutKeys';

/** What a line of pino's begins with: the level, and what is bound to the log. */
interface Beginnings {
  readonly [symbols.lsCacheSym]: Readonly<Record<number, string>>;
  readonly [symbols.chindingsSym]: string;
}

/**
 * The lines for requests, in the gateway's log.
 *
 * Pino decides whether there is one, and writes it, but does not put it together: it would go through all members by their names, look for
 * a serializer for each, and for those that look like credentials, which costs more than all the rest. What a line holds is listed in
 * `AccessFacts` and below, and none of it can be one.
 */
export class AccessLog {
  readonly #log: Log;

  /** @param options - `monotonic`: milliseconds of a clock that never goes back */
  static create(options: {
    readonly log: Log;
    readonly monotonic: () => number;
  }): AccessLog {
    return new AccessLog(options.log, options.monotonic);
  }

  private constructor(log: Log, monotonic: () => number) {
    this.#log = Object.assign(log.child({}), {
      // Shadows what makes text of what is logged, of this log alone.
      [symbols.asJsonSym](
        this: Beginnings,
        exchange: Exchange,
        _message: string,
        level: number,
        time: string,
      ): string {
        const ms = Math.round(monotonic() - exchange.startedAt);
        return `${this[symbols.lsCacheSym][level]}${time}${
          this[symbols.chindingsSym]
        }${membersOf(exchange, ms)},"msg":"request"}\n`;
      },
    });
  }

  /** Writes the line for a request that is over, whichever way. */
  write(exchange: Exchange): void {
    if (isTool(pathOf(exchange.req.url))) this.#log.debug(exchange);
    else this.#log.info(exchange);
  }
}

/** What is not known is left out. */
function membersOf(
  { req, res, requestId, facts }: Exchange,
  ms: number,
): string {
  const path = withoutKeys(pathOf(req.url).slice(0, 200));
  return `${text('requestId', requestId)}${text('method', req.method)}${text(
    'path',
    path,
  )},"status":${res.headersSent ? res.statusCode : null},"ms":${ms}${
    res.writableFinished ? '' : ',"hungUp":true'
  }${text('keyId', facts.keyId)}${text('projectId', facts.projectId)}${text(
    'model',
    facts.model && withoutKeys(facts.model),
  )}${plain('streamed', facts.streamed)}${text(
    'deploymentId',
    facts.deploymentId,
  )}${plain('attempts', facts.attempts)}${text(
    'errorCode',
    facts.errorCode,
  )}${text('upstreamDetail', facts.upstreamDetail)}${text(
    'outcome',
    facts.outcome,
  )}${plain('inputTokens', facts.inputTokens)}${plain(
    'outputTokens',
    facts.outputTokens,
  )}${text('cost', facts.cost)}${plain(
    'timeToFirstTokenMs',
    facts.timeToFirstTokenMs,
  )}`;
}

/** What cannot stand in a text of JSON as it is. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;

function text(name: string, value: string | undefined): string {
  if (value === undefined) return '';
  return SPECIAL.test(value)
    ? `,"${name}":${JSON.stringify(value)}`
    : `,"${name}":"${value}"`;
}

function plain(name: string, value: number | boolean | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`;
}
