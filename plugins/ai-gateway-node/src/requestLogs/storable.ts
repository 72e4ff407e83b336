import { InputError } from '@backstage/errors';
import type { RequestLog } from './RequestLog';

const INT16 = 2 ** 15 - 1;
const INT32 = 2 ** 31 - 1;
const INT64 = 2n ** 63n - 1n;
/** Year 2200: within what every store's time type and every partition scheme holds. */
const LATEST = Date.UTC(2200, 0);
/** What a text may have that is not storable, looked for by one step from character to character. */
// eslint-disable-next-line no-control-regex -- NUL is what is looked for
const SUSPECT = /[\u0000\uD800-\uDFFF]/;

/**
 * A text as every store can hold it. PostgreSQL refuses NUL and ClickHouse refuses halves of surrogate pairs, and one such text would
 * have a whole batch refused.
 */
export function storableText(text: string): string;
export function storableText(text: string | null): string | null;
export function storableText(text: string | null): string | null {
  if (text === null || !SUSPECT.test(text)) return text;
  return text.replace(
    // eslint-disable-next-line no-control-regex -- NUL is what is looked for
    /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
    '\uFFFD',
  );
}

/**
 * Checks the numbers of a record. ClickHouse would otherwise wrap what is too large, silently, where PostgreSQL refuses it.
 *
 * @throws InputError that names the field and not its value
 */
export function assertStorable(log: RequestLog): void {
  whole('occurredAt', log.occurredAt, LATEST);
  whole('status', log.status, INT16);
  whole('attempts', log.attempts, INT16);
  whole('inputTokens', log.inputTokens, Number.MAX_SAFE_INTEGER);
  whole('outputTokens', log.outputTokens, Number.MAX_SAFE_INTEGER);
  whole('latencyMs', log.latencyMs, INT32);
  whole('timeToFirstTokenMs', log.timeToFirstTokenMs ?? 0, INT32);
  whole('requestBody', log.requestBody?.bytes ?? 0, Number.MAX_SAFE_INTEGER);
  whole('responseBody', log.responseBody?.bytes ?? 0, Number.MAX_SAFE_INTEGER);
  if (log.costNanoUsd < 0n || log.costNanoUsd > INT64) refuse('costNanoUsd');
}

function whole(field: string, value: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) refuse(field);
}

function refuse(field: string): never {
  throw new InputError(
    `A request log cannot be stored: ${field} is out of range`,
  );
}
