import {
  counterName,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Seed, SeedNeed } from '../limits/Limiter';
import { createLog } from '../telemetry/log';
import { LedgerSeeder } from './LedgerSeeder';

const needOf = (id: string): SeedNeed => ({
  counter: {
    subject: { kind: 'key', id },
    measure: 'money',
    window: 'total',
  },
  windowStart: 0,
});
const use = (seeder: LedgerSeeder, need: SeedNeed) =>
  seeder.watch(counterName(need.counter), need);

/** A ledger that is asked by hand, and a limiter that remembers what it was told. */
function setUp(options: { watch?: boolean } = {}) {
  const asked: string[][] = [];
  const told: Seed[] = [];
  const state = { time: 1_000_000, ledger: 7n, isAway: false, shipped: 0 };
  const seeder = LedgerSeeder.create({
    balances: {
      usedIn: async needs => {
        if (state.isAway) throw new Error('connection refused');
        asked.push(needs.map(({ counter }) => counter.subject.id));
        await new Promise(resolve => setTimeout(resolve, 5));
        return new Map(
          needs.map(({ counter }) => [counterName(counter), state.ledger]),
        );
      },
    },
    limiter: {
      seed: async seeds => {
        told.push(...seeds);
        return seeds.map(() => 'seeded');
      },
    },
    whenShipped: async () => {
      state.shipped += 1;
      return true;
    },
    log: createLog('silent'),
    now: () => state.time,
    monotonic: () => state.time,
    watch: options.watch ?? false,
  });
  return { seeder, asked, told, state };
}

describe('LedgerSeeder', () => {
  it('brings its own usage to the ledger before it asks', async () => {
    const { seeder, state } = setUp();
    expect(await seeder.seed([needOf('a')])).toBe(true);
    expect(state.shipped).toBe(1);
  });

  it('asks for what is needed at a time together, and once', async () => {
    const { seeder, asked, told } = setUp();
    const many = Array.from({ length: 100 }, (_, n) =>
      seeder.seed([needOf('of-all'), needOf(`k${n % 3}`)]),
    );
    expect((await Promise.all(many)).every(Boolean)).toBe(true);
    expect(asked).toHaveLength(2);
    expect(new Set(asked[1])).toEqual(new Set(['of-all', 'k0', 'k1', 'k2']));
    expect(told.every(({ spent }) => spent === 7)).toBe(true);
  });

  it('says at once that it cannot, for a while after it could not', async () => {
    const { seeder, asked, state } = setUp();
    state.isAway = true;
    expect(await seeder.seed([needOf('a')])).toBe(false);
    state.isAway = false;
    expect(await seeder.seed([needOf('a')])).toBe(false);
    state.time += 1_000;
    expect(await seeder.seed([needOf('a')])).toBe(true);
    expect(asked).toEqual([['a']]);
  });

  it('asks again later, for others may have had usage on its way', async () => {
    const { seeder, told, state } = setUp({ watch: true });
    await seeder.seed([needOf('a')]);
    use(seeder, needOf('a'));
    await seeder.askAgain();
    expect(told).toHaveLength(1);
    state.time += 16_000;
    state.ledger = 9n;
    await seeder.askAgain();
    expect(told.map(({ spent, exact }) => [spent, exact])).toEqual([
      [7, undefined],
      [9, undefined],
    ]);
    // And again, at ever longer intervals; a failure does not end it.
    state.isAway = true;
    state.time += 61_000;
    await seeder.askAgain();
    state.isAway = false;
    state.time += 61_000;
    await seeder.askAgain();
    expect(told).toHaveLength(3);
    seeder.close();
  });

  it('asks no more about a window that is over', async () => {
    const { seeder, told, state } = setUp({ watch: true });
    const counter: LimitCounter & { window: 'day' } = {
      subject: { kind: 'key', id: 'a' },
      measure: 'money',
      window: 'day',
    };
    await seeder.seed([{ counter, windowStart: 0 }]);
    use(seeder, { counter, windowStart: 0 });
    state.time += 86_400_000;
    await seeder.askAgain();
    expect(told).toHaveLength(1);
    seeder.close();
  });
});
