import { NO_TOKENS } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import fc from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';
import { testEvent } from '../../__testUtils__/testEvent';
import { ADDED, DURATION } from './buckets';
import { Metrics, type MetricsReport } from './Metrics';

/** The lines of some metrics, without what they are for. */
function linesOf(text: string, ...names: readonly string[]): string[] {
  return text
    .split('\n')
    .filter(line => names.some(name => line.startsWith(name)))
    .sort();
}

/** The values that a metric tells to whoever adds up those of several processes. */
const valuesOf = ({ name, values }: MetricsReport[number]) => ({
  name,
  values: values.map(({ labels, value, ...rest }) => ({
    labels,
    value,
    metricName: 'metricName' in rest ? rest.metricName : undefined,
  })),
});

const FINE = { code: 'none', blame: 'none' } as const;
const LABELS = { endpoint: 'chat.completions', model: 'm' };

describe('metrics', () => {
  it('tell of requests what counters and histograms of prom-client would', async () => {
    const seconds = fc.oneof(
      fc.double({ min: 0, max: 4_000, noNaN: true }),
      fc.constantFrom(0, ...DURATION, ...ADDED),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(seconds, { maxLength: 30 }), async all => {
        const metrics = Metrics.create({ maxLabelSets: 10 });
        const registers = [new Registry()];
        const labelNames = ['endpoint', 'model'];
        const requests = new Counter({
          name: 'aigateway_requests_total',
          help: '-',
          labelNames: [...labelNames, 'status', 'code', 'blame'],
          registers,
        });
        const [duration, added, upstream] = [
          { name: 'request_duration', buckets: DURATION },
          { name: 'added_latency', buckets: ADDED },
          { name: 'upstream_duration', buckets: DURATION },
        ].map(
          ({ name, buckets }) =>
            new Histogram({
              name: `aigateway_${name}_seconds`,
              help: '-',
              labelNames,
              buckets,
              registers,
            }),
        );
        for (const value of all) {
          metrics.requestEnded({
            ...LABELS,
            status: '200',
            verdict: FINE,
            seconds: value,
            upstreamSeconds: value / 2,
            clientSeconds: 0,
          });
          requests.inc({ ...LABELS, status: '200', ...FINE });
          duration.observe(LABELS, value);
          if (value / 2 === 0) continue;
          upstream.observe(LABELS, value / 2);
          added.observe(LABELS, value - value / 2);
        }
        const expected = await registers[0].getMetricsAsJSON();
        const names = expected.map(({ name }) => name);
        expect(linesOf(await metrics.render(), ...names)).toEqual(
          linesOf(await registers[0].metrics(), ...names),
        );
        const told = (await metrics.report()).filter(({ name }) =>
          names.includes(name),
        );
        expect(told.map(valuesOf)).toEqual(expected.map(valuesOf));
      }),
      { numRuns: 30 },
    );
  });

  it('tell of attempts, and nothing of what there was none of', async () => {
    const metrics = Metrics.create({ maxLabelSets: 10 });
    metrics.attemptEnded(
      {
        ...testEvent(),
        endpoint: 'chat.completions',
        modelId: 'm',
        streamed: true,
        outcome: 'complete',
        errorCode: null,
        tokens: { ...NO_TOKENS, input: 7, output: 3 },
        costNanoUsd: 2_000_000_000n,
        timeToFirstTokenMs: 250,
      },
      'vendor',
    );
    metrics.attemptEnded(
      {
        ...testEvent(),
        modelId: 'free',
        streamed: false,
        tokens: NO_TOKENS,
        costNanoUsd: 0n,
      },
      'vendor',
    );
    const text = await metrics.render();
    const of = 'model="m",provider="vendor"';
    expect(linesOf(text, 'aigateway_attempts')).toContain(
      `aigateway_attempts_total{endpoint="chat.completions",${of},kind="stream",outcome="complete",code="none"} 1`,
    );
    expect(linesOf(text, 'aigateway_tokens', 'aigateway_cost')).toEqual([
      `aigateway_cost_usd_total{${of}} 2`,
      `aigateway_tokens_total{${of},class="input"} 7`,
      `aigateway_tokens_total{${of},class="output"} 3`,
    ]);
    const first = linesOf(text, 'aigateway_time_to_first_token_seconds');
    expect(first).toContain(
      `aigateway_time_to_first_token_seconds_bucket{le="0.2",${of}} 0`,
    );
    expect(first).toContain(
      `aigateway_time_to_first_token_seconds_bucket{le="0.3",${of}} 1`,
    );
    expect(first.join()).not.toContain('free');
  });

  it('say how much is counted together, as there were too many sets of labels', async () => {
    const metrics = Metrics.create({ maxLabelSets: 1 });
    for (const model of ['a', 'b', 'c']) {
      metrics.requestEnded({
        endpoint: 'chat.completions',
        model,
        status: '200',
        verdict: FINE,
        seconds: 1,
        upstreamSeconds: 0,
        clientSeconds: 0,
      });
    }
    const text = await metrics.render();
    expect(linesOf(text, 'aigateway_requests_total')).toEqual([
      'aigateway_requests_total{endpoint="chat.completions",model="a",status="200",code="none",blame="none"} 1',
      'aigateway_requests_total{endpoint="overflow",model="overflow",status="overflow",code="overflow",blame="overflow"} 2',
    ]);
    expect(text).toContain('aigateway_label_sets_overflowed_total 4');
  });
});
