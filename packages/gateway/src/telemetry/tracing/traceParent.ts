import {
  ROOT_CONTEXT,
  trace,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/**
 * The context that a client sent, by the `traceparent` header of W3C Trace Context; an empty one when it sent none, or nonsense.
 *
 * `tracestate` is left out: it belongs to whoever wrote it, and is none of the providers' business.
 */
export function contextOf(header: string | string[] | undefined): Context {
  const parsed = typeof header === 'string' ? parseTraceParent(header) : null;
  return parsed
    ? trace.setSpanContext(ROOT_CONTEXT, { ...parsed, isRemote: true })
    : ROOT_CONTEXT;
}

/** A `traceparent` header. */
export function traceParentOf(span: SpanContext): string {
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  return `00-${span.traceId}-${span.spanId}-${flags}`;
}
