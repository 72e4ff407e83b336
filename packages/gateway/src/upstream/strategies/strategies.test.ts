import fc from 'fast-check';
import { STRATEGIES, type Candidate, type Draw } from '.';

const candidate = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id,
  priority: 0,
  weight: 1,
  inFlight: 0,
  latencyMs: null,
  triedAt: null,
  ...more,
});
const draw = (more: Partial<Draw> = {}): Draw => ({
  random: () => 0.5,
  turn: 0,
  now: 0,
  ...more,
});
const ids = (candidates: readonly Candidate[]) => candidates.map(c => c.id);

/** Numbers that look random and are the same each time. */
function dice(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** How often each of them comes first, in so many draws. */
function shares(
  strategy: keyof typeof STRATEGIES,
  candidates: readonly Candidate[],
  draws: number = 20_000,
): Record<string, number> {
  const random = dice();
  const count: Record<string, number> = {};
  for (let turn = 0; turn < draws; turn += 1) {
    const [first] = STRATEGIES[strategy](candidates, draw({ random, turn }));
    count[first.id] = (count[first.id] ?? 0) + 1 / draws;
  }
  return count;
}

describe('every strategy', () => {
  const candidates = fc.uniqueArray(
    fc.record({
      id: fc.string(),
      priority: fc.integer({ min: 0, max: 3 }),
      weight: fc.integer({ min: 1, max: 1000 }),
      inFlight: fc.nat(100),
      latencyMs: fc.option(fc.nat(10_000)),
      triedAt: fc.option(fc.nat(100_000)),
    }),
    { selector: c => c.id, maxLength: 8 },
  );

  it('names each candidate once, and changes nothing', () => {
    fc.assert(
      fc.property(
        candidates,
        fc.constantFrom(...Object.values(STRATEGIES)),
        fc.nat(),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (given, strategy, turn, randoms) => {
          const before = [...given];
          const ordered = strategy(given, {
            turn,
            now: 100_000,
            random: () => randoms.next().value ?? 0,
          });
          expect(given).toEqual(before);
          expect(ids(ordered).sort()).toEqual(ids(given).sort());
        },
      ),
    );
  });

  it('gives the first of all a chance that is neither always nor never, when nothing tells them apart', () => {
    for (const strategy of [
      'priority',
      'weighted',
      'least-latency',
      'least-connections',
    ] as const) {
      const share = shares(strategy, [candidate('a'), candidate('b')], 2_000);
      expect(share.a).toBeGreaterThan(0.4);
      expect(share.b).toBeGreaterThan(0.4);
    }
  });
});

describe('priority', () => {
  it('tries the lowest value first, whatever the weights, and the next ones after it', () => {
    const order = STRATEGIES.priority(
      [
        candidate('later', { priority: 2, weight: 1000 }),
        candidate('last', { priority: 9, weight: 1000 }),
        candidate('first', { priority: 0 }),
      ],
      draw({ random: dice() }),
    );
    expect(ids(order)).toEqual(['first', 'later', 'last']);
  });

  it('goes by weight among equals', () => {
    const share = shares('priority', [
      candidate('a', { weight: 3 }),
      candidate('b', { weight: 1 }),
      candidate('c', { priority: 1, weight: 1000 }),
    ]);
    expect(share.a).toBeCloseTo(0.75, 1);
    expect(share.b).toBeCloseTo(0.25, 1);
    expect(share.c).toBeUndefined();
  });
});

describe('weighted', () => {
  it('goes by weight, whatever the priorities', () => {
    const share = shares('weighted', [
      candidate('a', { weight: 6, priority: 5 }),
      candidate('b', { weight: 3 }),
      candidate('c', { weight: 1 }),
    ]);
    expect(share.a).toBeCloseTo(0.6, 1);
    expect(share.b).toBeCloseTo(0.3, 1);
    expect(share.c).toBeCloseTo(0.1, 1);
  });
});

describe('round robin', () => {
  it('takes each in turn, and those that follow after it', () => {
    const three = ['a', 'b', 'c'].map(id => candidate(id));
    const orders = [0, 1, 2, 3].map(turn =>
      ids(STRATEGIES['round-robin'](three, draw({ turn }))).join(''),
    );
    expect(orders).toEqual(['abc', 'bca', 'cab', 'abc']);
  });
});

describe('least connections', () => {
  it('takes the one with the fewest under way for its weight', () => {
    const order = STRATEGIES['least-connections'](
      [
        candidate('busy', { inFlight: 3 }),
        candidate('large', { inFlight: 4, weight: 4 }),
        candidate('idle', { inFlight: 2 }),
      ],
      draw(),
    );
    expect(ids(order)).toEqual(['large', 'idle', 'busy']);
  });
});

describe('least latency', () => {
  const order = (candidates: Candidate[], now: number = 0) =>
    ids(STRATEGIES['least-latency'](candidates, draw({ now })));

  it('takes the one whose answers begin soonest', () => {
    expect(
      order([
        candidate('slow', { latencyMs: 900, triedAt: 0 }),
        candidate('fast', { latencyMs: 100, triedAt: 0 }),
        candidate('middling', { latencyMs: 300, triedAt: 0 }),
      ]),
    ).toEqual(['fast', 'middling', 'slow']);
  });

  it('tries one of which nothing is known first, with one request, and leaves it alone until that has told', () => {
    const fast = candidate('fast', { latencyMs: 1, triedAt: 0 });
    expect(order([fast, candidate('new')])[0]).toBe('new');
    expect(
      order([fast, candidate('new', { inFlight: 1, triedAt: 0 })]),
    ).toEqual(['fast', 'new']);
  });

  it('finds one again that has become fast: it is looked at now and then, ever more rarely the slower it was, and by one request at a time', () => {
    /** Runs a request each 10 ms for ten minutes, and says how many of them went to the second. */
    const run = (slowMs: (now: number) => number) => {
      const state = {
        fast: { latencyMs: 100, triedAt: 0 },
        slow: { latencyMs: slowMs(0), triedAt: 0 },
      };
      let toSlow = 0;
      for (let now = 0; now < 600_000; now += 10) {
        const [first] = order(
          [candidate('fast', state.fast), candidate('slow', state.slow)],
          now,
        );
        const latencyMs = first === 'fast' ? 100 : slowMs(now);
        state[first === 'fast' ? 'fast' : 'slow'] = { latencyMs, triedAt: now };
        if (first === 'slow') toSlow += 1;
      }
      return { toSlow, of: 60_000 };
    };
    const always = run(() => 1_600);
    // Once a minute, of ten minutes that end before the tenth time.
    expect(always.toSlow).toBe(9);
    const recovered = run(now => (now < 300_000 ? 1_600 : 20));
    expect(recovered.toSlow / recovered.of).toBeGreaterThan(0.4);
  });
});
