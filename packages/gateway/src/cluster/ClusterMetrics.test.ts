import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ClusterMetrics } from './ClusterMetrics';

describe('figures of several processes', () => {
  /** What a worker tells that has seen so many requests, of which so many are under way. */
  async function reportOf(requests: number, active: number) {
    const registers = [new Registry()];
    const total = new Counter({
      name: 'requests_total',
      help: 'r',
      labelNames: ['model'],
      registers,
    });
    total.inc({ model: 'a' }, requests);
    const times = new Histogram({ name: 'times', help: 't', registers });
    for (let n = 0; n < requests; n++) times.observe(n);
    new Gauge({ name: 'active', help: 'a', registers }).set(active);
    new Gauge({
      name: 'revision',
      help: 'v',
      aggregator: 'min',
      registers,
    }).set(requests);
    return registers[0].getMetricsAsJSON();
  }

  const read = async (metrics: ClusterMetrics) => {
    const text = await metrics.render([]);
    const valueOf = (name: string) =>
      Number(
        text
          .split('\n')
          .find(line => line.startsWith(name))
          ?.split(' ')
          .at(-1),
      );
    return {
      requests: valueOf('requests_total{model="a"}'),
      times: valueOf('times_count'),
      active: valueOf('active'),
      revision: valueOf('revision'),
    };
  };

  it('are added up, each in its own way', async () => {
    const metrics = new ClusterMetrics();
    metrics.told(1, await reportOf(3, 1));
    metrics.told(2, await reportOf(4, 2));
    expect(await read(metrics)).toEqual({
      requests: 7,
      times: 7,
      active: 3,
      revision: 3,
    });
  });

  it('never go down when a process is gone, but for what is of the moment', async () => {
    const metrics = new ClusterMetrics();
    metrics.told(1, await reportOf(3, 1));
    metrics.told(2, await reportOf(4, 2));
    metrics.ended(1);
    expect(await read(metrics)).toMatchObject({
      requests: 7,
      times: 7,
      active: 2,
      revision: 4,
    });
    metrics.told(3, await reportOf(1, 0));
    metrics.ended(2);
    metrics.ended(3);
    metrics.told(4, await reportOf(2, 0));
    expect(await read(metrics)).toMatchObject({ requests: 10, times: 10 });
  });
});
