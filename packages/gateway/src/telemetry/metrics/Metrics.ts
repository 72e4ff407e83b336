import { TOKEN_CLASSES } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { attemptSets } from './attemptSets';
import { figure, type Figure } from './Figure';
import { requestSets } from './requestSets';
import type { Verdict } from './verdictOf';

/** A request that is over. Every field is one of a list that the gateway or its configuration knows. */
export interface EndedRequest {
  readonly endpoint: string;
  readonly model: string;
  /** `none` when no answer began. */
  readonly status: string;
  readonly verdict: Verdict;
  readonly seconds: number;
  /** Of these, spent on waiting for upstreams; 0 when none was asked. */
  readonly upstreamSeconds: number;
  /** Of these, spent on waiting for the client's body. */
  readonly clientSeconds: number;
}

/** What one process tells, for those who add up several. */
export type MetricsReport = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

const NANO = 1e-9;

/**
 * The gateway's figures, for Prometheus.
 *
 * Labels are only what is configured or built in: models, endpoints, providers, codes. Never a key, a user, a project or anything else that
 * a client can make up; and whatever they are, so many sets of them and no more.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: ReturnType<typeof requestSets>;
  readonly #attempts: ReturnType<typeof attemptSets>;
  readonly #shed: Counter<'reason'>;

  /** @param options - `maxLabelSets`: sets of labels that one metric keeps apart; what comes beyond is counted together */
  static create(options: { readonly maxLabelSets: number }): Metrics {
    return new Metrics(options.maxLabelSets);
  }

  private constructor(maxLabelSets: number) {
    const registry = this.#registry;
    this.#requests = requestSets(registry, maxLabelSets);
    this.#attempts = attemptSets(registry, maxLabelSets);
    this.#shed = new Counter({
      name: 'aigateway_requests_shed_total',
      help: 'Requests refused at their headers as the gateway had too much to do, by what there was too much of',
      labelNames: ['reason'],
      registers: [registry],
    });
    const sets = [
      ...Object.values(this.#requests),
      ...Object.values(this.#attempts),
    ];
    this.watch(
      figure(
        'counter',
        'aigateway_label_sets_overflowed_total',
        'Observations counted under "overflow", as there were too many sets of labels to keep apart',
        () => sets.reduce((sum, { overflowed }) => sum + overflowed, 0),
      ),
    );
    collectDefaultMetrics({ register: registry });
  }

  requestEnded(request: EndedRequest): void {
    const { endpoint, model, status, verdict, seconds } = request;
    const { ends, durations } = this.#requests;
    ends.of(endpoint, model, status, verdict.code, verdict.blame).add(1);
    const { total, added, upstream } = durations.of(endpoint, model);
    total.observe(seconds);
    if (request.upstreamSeconds === 0) return;
    upstream.observe(request.upstreamSeconds);
    added.observe(
      Math.max(0, seconds - request.upstreamSeconds - request.clientSeconds),
    );
  }

  /** @param provider - its name */
  attemptEnded(event: UsageEvent, provider: string): void {
    const { ends, tokens, spending } = this.#attempts;
    const { modelId: model } = event;
    ends
      .of(
        event.endpoint,
        model,
        provider,
        event.streamed ? 'stream' : 'whole',
        event.outcome,
        event.errorCode ?? 'none',
      )
      .add(1);
    for (const name of TOKEN_CLASSES) {
      const count = event.tokens[name];
      if (count > 0) tokens.of(model, provider, name).add(count);
    }
    const { cost, firstToken } = spending.of(model, provider);
    if (event.costNanoUsd > 0n) cost.add(Number(event.costNanoUsd) * NANO);
    if (event.streamed && event.timeToFirstTokenMs !== null) {
      firstToken.observe(event.timeToFirstTokenMs / 1_000);
    }
  }

  shed(reason: string): void {
    this.#shed.inc({ reason });
  }

  /** Has a figure asked for whenever metrics are read. */
  watch<L extends string>(watched: Figure<L>): void {
    const { kind, read } = watched;
    const options = {
      name: watched.name,
      help: watched.help,
      labelNames: watched.labelNames,
      aggregator: watched.aggregation,
      registers: [],
    };
    this.#registry.registerMetric(
      kind === 'counter'
        ? new Counter<L>({
            ...options,
            async collect() {
              const values = await read();
              this.reset();
              for (const { labels, value } of values) this.inc(labels, value);
            },
          })
        : new Gauge<L>({
            ...options,
            async collect() {
              const values = await read();
              this.reset();
              for (const { labels, value } of values) this.set(labels, value);
            },
          }),
    );
  }

  /** For those who add up the figures of several processes. */
  report(): Promise<MetricsReport> {
    return this.#registry.getMetricsAsJSON();
  }

  /** In Prometheus' text format. */
  render(): Promise<string> {
    return this.#registry.metrics();
  }
}
