import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type {
  AttemptTrace,
  RequestTrace,
  SpanEnd,
  StageName,
} from './RequestTrace';
import { traceParentOf } from './traceParent';

/** A request as a span, with a span for each stage and each attempt below it. */
export class SpanTrace implements RequestTrace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;
  readonly #propagate: boolean;

  /**
   * @param options - `parent`: the client's context, if it sent one; `propagate`: whether upstreams are told of the trace
   */
  static begin(options: {
    readonly tracer: Tracer;
    readonly parent: Context;
    readonly name: string;
    readonly attributes: Attributes;
    readonly propagate: boolean;
  }): SpanTrace {
    const { tracer, parent, name, attributes } = options;
    const span = tracer.startSpan(
      name,
      { kind: SpanKind.SERVER, attributes },
      parent,
    );
    return new SpanTrace(tracer, span, options.propagate);
  }

  private constructor(tracer: Tracer, span: Span, propagate: boolean) {
    this.#tracer = tracer;
    this.#span = span;
    this.#context = trace.setSpan(context.active(), span);
    this.#propagate = propagate;
  }

  stage<I, C, T>(
    name: StageName,
    run: (input: I, surroundings: C) => T,
    input: I,
    surroundings: C,
  ): T {
    const span = this.#tracer.startSpan(name, {}, this.#context);
    const failed = () => {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    };
    let result: T;
    try {
      result = run(input, surroundings);
    } catch (bug) {
      failed();
      throw bug;
    }
    if (result instanceof Promise) result.then(() => span.end(), failed);
    else span.end();
    return result;
  }

  attempt(name: string, attributes: () => Attributes): AttemptTrace {
    const span = this.#tracer.startSpan(
      name,
      { kind: SpanKind.CLIENT, attributes: attributes() },
      this.#context,
    );
    return {
      headers: this.#propagate
        ? { traceparent: traceParentOf(span.spanContext()) }
        : {},
      end: end => endSpan(span, end),
    };
  }

  end(end: () => SpanEnd): void {
    if (this.#span.isRecording()) endSpan(this.#span, end());
    else this.#span.end();
  }
}

function endSpan(span: Span, { attributes, errorType }: SpanEnd): void {
  span.setAttributes(attributes);
  if (errorType !== null) {
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
