import fc from 'fast-check';
import { MAX_AMOUNT, type LimitSubject } from './counters';
import type { LimitDefinition } from './limitDefinition';
import { partOf } from './partOf';
import { resolveLimits } from './resolveLimits';

const key: LimitSubject = { kind: 'key', id: 'k1' };
const project: LimitSubject = { kind: 'project', id: 'payments' };
const organisation: LimitSubject = { kind: 'organisation', id: 'acme' };
const chain = [key, project, organisation];

const absolute = (
  subject: LimitSubject,
  amount: bigint,
  measure = 'tokens',
  window = 'minute',
): LimitDefinition => ({
  subject,
  measure,
  window,
  amount: { kind: 'absolute', amount },
});

const fraction = (
  subject: LimitSubject,
  part: number,
  measure = 'tokens',
  window = 'minute',
): LimitDefinition => ({
  subject,
  measure,
  window,
  amount: { kind: 'fraction', fraction: part },
});

const figures = (definitions: LimitDefinition[]) =>
  resolveLimits(chain, definitions).limits.map(({ counter, limit }) => [
    counter.subject.kind,
    limit,
  ]);

const reasons = (definitions: LimitDefinition[]) =>
  resolveLimits(chain, definitions).problems.map(({ reason }) => reason);

describe('resolveLimits', () => {
  it('holds every level at once, the narrowest first', () => {
    expect(
      figures([
        absolute(organisation, 9000n),
        absolute(key, 10n),
        absolute(project, 800n),
      ]),
    ).toEqual([
      ['key', 10],
      ['project', 800],
      ['organisation', 9000],
    ]);
  });

  it('makes a fraction follow its parent when that changes', () => {
    const share = fraction(key, 0.25);
    expect(figures([share, absolute(project, 1000n)])[0]).toEqual(['key', 250]);
    expect(figures([share, absolute(project, 400n)])[0]).toEqual(['key', 100]);
  });

  it('takes a fraction of the nearest level above that has such a limit', () => {
    expect(
      figures([
        fraction(key, 0.5),
        absolute(project, 10n, 'requests'),
        absolute(organisation, 300n),
      ])[0],
    ).toEqual(['key', 150]);
  });

  it('takes a fraction of a fraction', () => {
    expect(
      figures([
        fraction(key, 0.5),
        fraction(project, 0.1),
        absolute(organisation, 1000n),
      ])[0],
    ).toEqual(['key', 50]);
  });

  it('takes a part only of what a subject belongs to', () => {
    const user: LimitSubject = { kind: 'user', id: 'user:default/ada' };
    const subscription: LimitSubject = {
      kind: 'subscription',
      id: 'payments/small',
    };
    const whole = [key, user, subscription, project, organisation];
    const of = (child: LimitSubject) =>
      resolveLimits(whole, [
        fraction(child, 0.1),
        ...[subscription, user, project, organisation]
          .filter(({ kind }) => kind !== child.kind)
          .map((parent, n) => absolute(parent, BigInt(1000 * (n + 1)))),
      ]).limits.find(({ counter }) => counter.subject === child)?.limit;
    // Of the project's 3000, and neither of the subscription's nor of the user's.
    expect(of(key)).toBe(300);
    expect(of(subscription)).toBe(200);
    expect(of(user)).toBe(300);
    expect(of(project)).toBe(300);
  });

  it('holds a key to no share of its owner: what a person has is not above the project that pays', () => {
    const user: LimitSubject = { kind: 'user', id: 'user:default/ada' };
    expect(
      resolveLimits(
        [key, user, project],
        [absolute(key, 100n), absolute(user, 10n), absolute(project, 1000n)],
      ).problems,
    ).toEqual([]);
  });

  it('passes over limits of other subjects', () => {
    expect(figures([absolute({ kind: 'key', id: 'other' }, 1n)])).toEqual([]);
  });

  it('denies money, and shares the rest, while gateways cannot count together', () => {
    const { limits } = resolveLimits(chain, [
      absolute(key, 5n, 'money', 'month'),
      absolute(key, 5n, 'tokens', 'month'),
      absolute(key, 5n, 'concurrency', 'none'),
      {
        ...absolute(key, 5n, 'money', 'day'),
        whenDegraded: { mode: 'cap', fraction: 0.05 },
      },
    ]);
    expect(limits.map(limit => limit.whenDegraded)).toEqual([
      { mode: 'deny' },
      { mode: 'share' },
      { mode: 'share' },
      { mode: 'cap', fraction: 0.05 },
    ]);
  });

  it.each<[string, LimitDefinition[]]>([
    ['zero', [absolute(key, 0n)]],
    ['negative', [absolute(key, -1n)]],
    ['not-exact', [absolute(key, BigInt(MAX_AMOUNT) + 1n)]],
    ['unknown-measure', [absolute(key, 1n, 'patience')]],
    ['unknown-window', [absolute(key, 1n, 'tokens', 'fortnight')]],
    ['unknown-window', [absolute(key, 1n, 'tokens', '')]],
    ['window-does-not-fit-measure', [absolute(key, 1n, 'money', 'minute')]],
    ['window-does-not-fit-measure', [absolute(key, 1n, 'concurrency', 'day')]],
    ['window-does-not-fit-measure', [absolute(key, 1n, 'tokens', 'none')]],
    ['fraction-out-of-range', [fraction(key, 0), absolute(project, 9n)]],
    ['fraction-out-of-range', [fraction(key, 1.01), absolute(project, 9n)]],
    ['fraction-out-of-range', [fraction(key, NaN), absolute(project, 9n)]],
    ['fraction-without-parent', [fraction(key, 0.5)]],
    [
      'fraction-without-parent',
      [fraction(key, 0.5), absolute(project, 9n, 'tokens', 'day')],
    ],
    ['above-parent', [absolute(key, 10n), absolute(project, 9n)]],
    ['above-parent', [absolute(key, 10n), absolute(organisation, 9n)]],
    ['duplicate', [absolute(key, 1n), absolute(key, 2n)]],
    [
      'degraded-fraction-out-of-range',
      [
        {
          ...absolute(key, 1n, 'money', 'day'),
          whenDegraded: { mode: 'cap', fraction: 2 },
        },
      ],
    ],
  ])(
    'refuses, with a sentence, what is %s (case %#)',
    (reason, definitions) => {
      const { problems } = resolveLimits(chain, definitions);
      expect(problems.map(problem => problem.reason)).toEqual([reason]);
      expect(problems[0].message).toMatch(/^.{20,}\.$/);
    },
  );

  it('still holds both of a child and the parent that was lowered below it', () => {
    const definitions = [absolute(key, 10n), absolute(project, 9n)];
    expect(reasons(definitions)).toEqual(['above-parent']);
    expect(figures(definitions)).toEqual([
      ['key', 10],
      ['project', 9],
    ]);
  });

  it('accepts a child that has all its parent has', () => {
    expect(
      reasons([absolute(key, 9n), absolute(project, 9n), fraction(key, 1)]),
    ).toEqual(['duplicate']);
    expect(reasons([fraction(key, 1), absolute(project, 9n)])).toEqual([]);
  });
});

describe('partOf', () => {
  it('is whole, at least one, and never above what it is part of', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX_AMOUNT }),
        fc.double({ min: 0, minExcluded: true, max: 1, noNaN: true }),
        (amount, part) => {
          const got = partOf(amount, part);
          expect(Number.isSafeInteger(got)).toBe(true);
          expect(got).toBeGreaterThanOrEqual(1);
          expect(got).toBeLessThanOrEqual(amount);
        },
      ),
    );
  });

  it.each([
    [30, 0.1, 3],
    [MAX_AMOUNT, 1, MAX_AMOUNT],
    [1000, 0.25, 250],
    [3, 0.5, 1],
  ])('of %p, %p is %p', (amount, part, expected) => {
    expect(partOf(amount, part)).toBe(expected);
  });
});
