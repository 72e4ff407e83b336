import { ConfigReader } from '@backstage/config';
import { readWorkers } from './readWorkers';

const REDIS = { url: 'redis://127.0.0.1:6379' };

describe('the number of workers', () => {
  const read = (workers?: number | string, redis?: { url: string }) =>
    readWorkers(
      new ConfigReader({
        aiGateway: {
          gateway: {
            ...(workers !== undefined && { workers }),
            ...(redis && { redis }),
          },
        },
      }),
      {},
      4,
    );

  it('is one if nothing is said, and as many as there are cores if that is wanted', () => {
    expect(read()).toBe(1);
    expect(read(3, REDIS)).toBe(3);
    expect(read('auto', REDIS)).toBe(4);
  });

  it('is no more than one where there is nothing to count limits together in', () => {
    expect(read(1)).toBe(1);
    expect(() => read(2)).toThrow(/2 processes need a Redis/);
    expect(() => read('auto')).toThrow(/4 processes need a Redis/);
  });

  it.each([0, -1, 1.5, 'many', 1_000])('is refused as %j', workers => {
    expect(() => read(workers, REDIS)).toThrow(
      /aiGateway.gateway.workers must be 'auto' or a whole number/,
    );
  });
});
