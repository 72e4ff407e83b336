import { optionalRowText, rowText } from '../database/rowLiteral';
import type { UsageEvent } from './UsageEvent';

/** The fields of the database's type `usage_row`, in its order. */
const COLUMNS = [
  'id',
  'occurredAt',
  'requestId',
  'attempt',
  'gatewayId',
  'projectId',
  'businessUnit',
  'apiKeyId',
  'ownerKind',
  'ownerRef',
  'modelId',
  'deploymentId',
  'providerId',
  'upstreamModel',
  'endpoint',
  'streamed',
  'outcome',
  'errorCode',
  'upstreamStatus',
  'usageSource',
  'input',
  'cachedInput',
  'cacheWrite',
  'output',
  'reasoning',
  'audio',
  'image',
  'priceId',
  'costNanoUsd',
  'latencyMs',
  'timeToFirstTokenMs',
] as const;

/** The fields of a usage event as text; `null` where there is nothing. @public */
export type UsageRowFields = Readonly<
  Record<(typeof COLUMNS)[number], string | null>
>;

/**
 * Puts a usage event into the form that PostgreSQL reads with the least effort: a
 * {@link https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX | row literal} of type `usage_row`, quoted as an element of an
 * array. The same text stands in a gateway's spool, so that whoever ships it need not read it.
 *
 * @public
 */
export function encodeUsageRow(event: UsageEvent): string {
  const { tokens } = event;
  return `"(${event.id},${event.occurredAt},${rowText(event.requestId)},${
    event.attempt
  },${event.gatewayId},${rowText(event.projectId)},${rowText(event.businessUnit)},${rowText(
    event.apiKeyId,
  )},${event.ownerKind},${optionalRowText(event.ownerRef)},${rowText(event.modelId)},${
    event.deploymentId
  },${event.providerId},${rowText(event.upstreamModel)},${rowText(event.endpoint)},${
    event.streamed ? 't' : 'f'
  },${event.outcome},${optionalRowText(event.errorCode)},${event.upstreamStatus ?? ''},${
    event.usageSource
  },${tokens.input},${tokens.cachedInput},${tokens.cacheWrite},${tokens.output},${
    tokens.reasoning
  },${tokens.audio},${tokens.image},${event.priceId ?? ''},${
    event.costNanoUsd
  },${event.latencyMs},${event.timeToFirstTokenMs ?? ''})"`;
}

/**
 * Takes a row that {@link encodeUsageRow} made apart.
 *
 * @throws TypeError when it is none
 * @public
 */
export function decodeUsageRow(row: string): UsageRowFields {
  if (!/^"\(.*\)"$/s.test(row)) throw new TypeError('Not a usage row');
  // Once for the array, once for the row.
  const literal = row.slice(2, -2).replace(/\\(.)/gs, '$1');
  const fields = Array.from(
    `${literal},`.matchAll(/(?:"((?:[^"\\]|\\.)*)"|([^",]*)),/gs),
    ([, quoted, bare]) =>
      quoted === undefined ? bare || null : quoted.replace(/\\(.)/gs, '$1'),
  );
  if (fields.length !== COLUMNS.length) {
    throw new TypeError(`A usage row of ${fields.length} fields`);
  }
  return Object.fromEntries(
    COLUMNS.map((name, i) => [name, fields[i]]),
  ) as UsageRowFields;
}
