import { healthSettingsSchema } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { DeploymentHealths } from './DeploymentHealths';

const settings = healthSettingsSchema.parse({
  failures: 2,
  openMs: 1_000,
  cooldownMs: 500,
});
const deployment = { id: 'd1', modelId: 'm1' };

function setUp() {
  const clock = { now: 0 };
  const healths = DeploymentHealths.create({ monotonic: () => clock.now });
  const changes: string[] = [];
  healths.onChange(({ change }) => changes.push(change));
  const health = healths.of(deployment);
  return {
    clock,
    healths,
    changes,
    health,
    begin: () => health.begin(true, settings),
    fail: () => health.begin(true, settings).failed('upstream_error'),
  };
}

describe('the health of a deployment', () => {
  it('is left alone after failures, tried with one request when it is time, and back when that has its first content', () => {
    const { clock, health, fail, begin, changes } = setUp();
    fail();
    expect(health.admits()).toBe(true);
    clock.now = 10;
    fail();
    expect(health.admits()).toBe(false);
    expect(health.found()).toMatchObject({
      state: 'open',
      since: 10,
      until: 1_010,
      reason: 'upstream_error',
    });
    clock.now = 1_010;
    const trial = begin();
    expect(health.admits()).toBe(false);
    expect(health.found().state).toBe('open');
    clock.now = 1_050;
    trial.answered();
    expect(health.admits()).toBe(true);
    expect(health.found()).toMatchObject({
      state: 'healthy',
      since: 1_050,
      until: null,
      reason: null,
    });
    // What comes of it later is a result like any other.
    trial.failed('upstream_cut_off');
    expect(health.admits()).toBe(true);
    expect(changes).toEqual(['opened', 'trying', 'closed']);
  });

  it('is left alone for as long as its provider says, or for a while; not as one that fails', () => {
    const { clock, health, begin } = setUp();
    begin().limited(3_000);
    begin().limited(null);
    expect(health.found()).toMatchObject({
      state: 'cooling',
      since: 0,
      until: 3_000,
      reason: 'upstream_rate_limited',
    });
    clock.now = 2_999;
    expect(health.admits()).toBe(false);
    clock.now = 3_000;
    expect(health.admits()).toBe(true);
    expect(health.found()).toMatchObject({ state: 'healthy', since: 3_000 });
    begin().limited(null);
    expect(health.found().until).toBe(3_500);
    expect(health.breaker).toBe('closed');
  });

  it('does not take a limit for a sign that it works again', () => {
    const { health, begin, fail } = setUp();
    fail();
    begin().limited(0);
    fail();
    expect(health.found().state).toBe('open');
  });

  it('lets the next one try when the client of a trial hangs up', () => {
    const { clock, health, fail, begin } = setUp();
    fail();
    fail();
    clock.now = 1_000;
    begin().abandoned();
    expect(health.admits()).toBe(true);
    expect(health.found().state).toBe('open');
  });

  it('is tried at once when a probe finds it alive, and then not again by a probe unless that went well', () => {
    const { clock, health, fail, begin } = setUp();
    const open = () => {
      fail();
      fail();
      expect(health.openSince).toBe(clock.now);
      health.foundAlive();
      expect(health.admits()).toBe(true);
      expect(health.openSince).toBeNull();
    };
    open();
    begin().succeeded();
    open();
    fail();
    health.foundAlive();
    expect(health.admits()).toBe(false);
  });

  it('counts what is under way, whichever way it ends and however often that is told', () => {
    const { health, begin } = setUp();
    const uses = [begin(), begin(), begin()];
    expect(health.inFlight).toBe(3);
    uses[0].succeeded();
    uses[0].failed('upstream_error');
    uses[0].abandoned();
    uses[1].failed('upstream_error');
    uses[2].limited(0);
    uses[2].succeeded();
    expect(health.inFlight).toBe(0);
  });

  it('remembers how soon answers begin, streams apart from others, and mostly what it saw last', () => {
    const { clock, health, begin } = setUp();
    const takes = (ms: number, streamed: boolean) => {
      const use = health.begin(streamed, settings);
      clock.now += ms;
      use.answered();
      use.succeeded();
    };
    expect(health.found().firstTokenMs).toBeNull();
    takes(100, true);
    takes(5_000, false);
    expect(health.found()).toMatchObject({
      firstTokenMs: 100,
      answerMs: 5_000,
    });
    clock.now += 60_000;
    takes(900, true);
    expect(health.latencyMs(true)).toBeGreaterThan(890);
    begin().failed('upstream_error');
    expect(health.latencyMs(true)).toBeGreaterThan(890);
  });

  it('drains when it is no longer published, and is forgotten when nothing is under way', () => {
    const { clock, healths, changes, begin, health } = setUp();
    const use = begin();
    clock.now = 5;
    healths.retain(new Set());
    expect(health.found()).toMatchObject({ state: 'draining', since: 5 });
    expect(healths.find('d1')).toBe(health);
    use.succeeded();
    expect(healths.find('d1')).toBeUndefined();
    expect(changes).toEqual(['draining']);

    const again = healths.of(deployment);
    healths.retain(new Set(['d1']));
    expect(again.found().state).toBe('healthy');
    healths.retain(new Set());
    expect(healths.found()).toEqual([]);
  });
});
