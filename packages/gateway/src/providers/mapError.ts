import { refuse, type Refusal } from '../errors/registry';
import type { UpstreamError } from './spec';
import { isUnpaidCode, isUnpaidMessage } from './unpaid';

const MAX_MESSAGE_LENGTH = 1_000;
const MAX_RETRY_AFTER_SECONDS = 3_600;

/** What an error of the provider comes to for the client. */
export function mapError(answer: UpstreamError): Refusal {
  const { status } = answer;
  if (isUnpaid(answer)) return refuse('upstream_account_exhausted', {});
  if (status === 429) {
    return refuse('upstream_rate_limited', {}, retryAfterSeconds(answer));
  }
  // The credential is the gateway's: its client can do nothing about it, and is told nothing of it.
  if (status === 401 || status === 403)
    return refuse('upstream_auth_failed', {});
  if (status === 408 || status === 504) return refuse('upstream_timeout', {});
  if (status === 400 || status === 413 || status === 422) {
    return rejection(answer);
  }
  // The client's own model is there: what the provider does not know, an admin has named wrongly.
  if (status === 404) return refuse('upstream_misconfigured', {});
  return refuse('upstream_error', {}, retryAfterSeconds(answer));
}

/** Whether it is the gateway's own account that the provider has something against, however it says so. */
function isUnpaid({ status, body }: UpstreamError): boolean {
  if (status === 402) return true;
  if (status !== 400 && status !== 403 && status !== 429) return false;
  const error = readError(body);
  const code = property(error, 'code') ?? property(error, 'type');
  if (typeof code === 'string' && isUnpaidCode(code)) return true;
  const message = property(error, 'message');
  return (
    status === 400 && typeof message === 'string' && isUnpaidMessage(message)
  );
}

/** Why the provider refused the request itself, in its words: they are about what the client sent. */
function rejection(answer: UpstreamError): Refusal {
  const told = readErrorBody(answer.body);
  return refuse('upstream_rejected', {
    message: told?.message ?? "This model's provider rejected the request.",
    ...(told?.param !== undefined && { param: told.param }),
  });
}

function readError(body: Buffer): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  return property(parsed, 'error') ?? parsed;
}

function readErrorBody(
  body: Buffer,
): { message: string; param?: string } | undefined {
  const error = readError(body);
  const message = property(error, 'message');
  const param = property(error, 'param');
  if (typeof message !== 'string' || message === '') return undefined;
  return {
    message: withoutSecrets(message).slice(0, MAX_MESSAGE_LENGTH),
    ...(typeof param === 'string' && { param: param.slice(0, 100) }),
  };
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Some providers quote a credential, or part of it, in their errors. */
export function withoutSecrets(message: string): string {
  return message.replace(
    /\b(?:(?:sk|pk|key|org|proj)-[A-Za-z0-9*_-]{6,}|Bearer +\S+)/g,
    '[redacted]',
  );
}

function retryAfterSeconds({ retryAfter, now }: UpstreamError): number | null {
  if (retryAfter === undefined) return null;
  const seconds = /^\d{1,9}$/.test(retryAfter.trim())
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - now) / 1_000);
  return Number.isFinite(seconds) && seconds >= 0
    ? Math.min(seconds, MAX_RETRY_AFTER_SECONDS)
    : null;
}
