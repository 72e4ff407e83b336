import { CachedTokenSource, type AcquiredToken } from './CachedTokenSource';

const MINUTE = 60_000;
const WHO = { clientId: undefined, scope: 's' };

/** A source whose issuer gives tokens for an hour, unless it is told to fail. */
function setUp(lifetime: number = 60 * MINUTE) {
  let now = 1_000_000;
  let given = 0;
  let failing = false;
  let renewAt: number | undefined;
  const failures: string[] = [];
  const source = CachedTokenSource.create({
    now: () => now,
    onFailure: reason => failures.push(reason),
    acquire: async (): Promise<AcquiredToken> => {
      if (failing) throw new Error('issuer is away');
      given += 1;
      return {
        token: `t${given}`,
        expiresAt: now + lifetime,
        refreshAt: renewAt === undefined ? undefined : now + renewAt,
      };
    },
  });
  return {
    source,
    failures,
    given: () => given,
    pass: (ms: number) => (now += ms),
    fail: (value: boolean) => (failing = value),
    renewAfter: (ms: number) => (renewAt = ms),
  };
}
const tick = () => new Promise(resolve => setImmediate(resolve));

describe('CachedTokenSource', () => {
  it('asks once for as long as a token is good, however many ask', async () => {
    const { source, given, pass } = setUp();
    const many = await Promise.all(
      Array.from({ length: 20 }, () => source.token(WHO)),
    );
    expect(new Set(many.map(result => result.ok && result.token))).toEqual(
      new Set(['t1']),
    );
    pass(54 * MINUTE);
    expect(await source.token(WHO)).toEqual({ ok: true, token: 't1' });
    expect(given()).toBe(1);
  });

  it('renews before the end, and nobody waits for it', async () => {
    const { source, given, pass } = setUp();
    await source.token(WHO);
    pass(56 * MINUTE);
    expect(await source.token(WHO)).toEqual({ ok: true, token: 't1' });
    await tick();
    expect(await source.token(WHO)).toEqual({ ok: true, token: 't2' });
    expect(given()).toBe(2);
  });

  it('renews when its issuer wants it', async () => {
    const { source, pass, renewAfter } = setUp();
    renewAfter(10 * MINUTE);
    await source.token(WHO);
    pass(11 * MINUTE);
    await source.token(WHO);
    await tick();
    expect(await source.token(WHO)).toEqual({ ok: true, token: 't2' });
  });

  it('goes on with what it has while the issuer is away, until that is no good any more', async () => {
    const { source, pass, fail, failures } = setUp();
    await source.token(WHO);
    fail(true);
    pass(56 * MINUTE);
    await source.token(WHO);
    await tick();
    expect(await source.token(WHO)).toEqual({ ok: true, token: 't1' });
    expect(failures).toHaveLength(1);
    pass(4 * MINUTE);
    expect(await source.token(WHO)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('issuer is away'),
    });
    // Not asked again with every request, but after a moment.
    await source.token(WHO);
    expect(failures).toHaveLength(2);
    fail(false);
    expect(await source.token(WHO)).toMatchObject({ ok: false });
    pass(10_000);
    expect(await source.token(WHO)).toEqual({ ok: true, token: 't2' });
  });

  it('does not ask in a circle when it is given the same token again', async () => {
    const { source, given } = setUp(MINUTE);
    await source.token(WHO);
    await source.token(WHO);
    await tick();
    await source.token(WHO);
    expect(given()).toBe(1);
  });

  it('keeps identities apart', async () => {
    const { source } = setUp();
    await source.token(WHO);
    expect(await source.token({ ...WHO, clientId: 'other' })).toEqual({
      ok: true,
      token: 't2',
    });
  });
});
