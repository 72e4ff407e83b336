import { retrySettingsSchema } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { openai } from '../../providers/openai';
import { DEFAULT_ROUTING } from '../../snapshot/compileRoutes';
import type { Deployment, ServedModel } from '../../snapshot/Snapshot';
import { AttemptPlan, type FailedAttempt } from './AttemptPlan';

const provider = {
  id: 'p',
  name: 'p',
  kind: openai,
  settings: {},
  onClientAbort: 'abort' as const,
  baseUrl: 'http://p/v1',
  origin: 'http://p',
  secretRef: null,
};
const deploymentOf = (modelId: string, id: string): Deployment => ({
  id,
  modelId,
  upstreamModel: id,
  weight: 1,
  priority: 0,
  provider,
  settings: {},
  prices: [],
});
const model = (
  id: string,
  deployments: string[],
  retries: Partial<ServedModel['routing']['retries']> = {},
): ServedModel => ({
  id,
  ownerRef: 'group:default/a',
  createdAt: 0,
  deployments: deployments.map(name => deploymentOf(id, name)),
  routing: {
    ...DEFAULT_ROUTING,
    retries: retrySettingsSchema.parse(retries),
  },
});
const REQUEST = { startedAt: 0, streamed: false, turn: 0 };
const failed = (
  retry: FailedAttempt['retry'],
  retryAfterMs: number | null = null,
): FailedAttempt => ({ retry, retryAfterMs });

/** Follows a plan to its end, each attempt failing in the same way. */
function follow(
  models: readonly ServedModel[],
  options: {
    failure?: FailedAttempt;
    left?: string[];
    budget?: number;
    msPerAttempt?: number;
    onTry?: (id: string) => void;
  } = {},
): string[] {
  const { failure = failed('same'), left = [] } = options;
  const clock = { now: 0 };
  let budget = options.budget ?? 100;
  const [asked, ...fallbacks] = models;
  const plan = new AttemptPlan(asked, () => fallbacks, REQUEST, {
    candidates: ({ deployments }) =>
      deployments.filter(({ id }) => !left.includes(id)),
    admits: ({ id }) => !left.includes(id),
    mayRetry: () => {
      budget -= 1;
      return budget >= 0;
    },
    random: () => 0.5,
    monotonic: () => clock.now,
  });
  const tried: string[] = [];
  let next = plan.next(null);
  while (next.kind === 'try') {
    const { deployment, delayMs, isRetry } = next;
    tried.push(
      `${deployment.id}${isRetry ? ` again after ${delayMs} ms` : ''}`,
    );
    options.onTry?.(deployment.id);
    clock.now += delayMs + (options.msPerAttempt ?? 1);
    next = plan.next(failure);
  }
  return tried;
}

it('takes an attempt back whose model is not allowed, and goes on as if it had not been', () => {
  const asked = model('asked', ['a'], { attempts: 3, perDeployment: 2 });
  const [denied, allowed] = [
    model('denied', ['d1', 'd2']),
    model('allowed', ['e']),
  ];
  const plan = new AttemptPlan(asked, () => [denied, allowed], REQUEST, {
    candidates: ({ deployments }) => deployments,
    admits: () => true,
    mayRetry: () => false,
    random: () => 0.5,
    monotonic: () => 0,
  });
  expect(plan.next(null)).toMatchObject({ deployment: { id: 'a' } });
  expect(plan.next(failed('same'))).toMatchObject({ deployment: { id: 'd1' } });
  plan.leaveOut(denied);
  expect(plan.next(failed('same'))).toMatchObject({ deployment: { id: 'e' } });
  expect(plan.next(failed('same'))).toEqual({ kind: 'over' });
});

it('does not ask what there is to fall back to before that may be needed', () => {
  const asked = model('asked', ['a', 'b'], { attempts: 3 });
  const fallbacks = jest.fn(() => [model('other', ['c'])]);
  const plan = new AttemptPlan(asked, fallbacks, REQUEST, {
    candidates: ({ deployments }) => deployments,
    admits: () => true,
    mayRetry: () => false,
    random: () => 0.5,
    monotonic: () => 0,
  });
  plan.next(null);
  plan.next(failed('elsewhere'));
  expect(fallbacks).not.toHaveBeenCalled();
  expect(plan.next(failed('elsewhere'))).toMatchObject({
    deployment: { id: 'c' },
  });
  expect(fallbacks).toHaveBeenCalledTimes(1);
});

describe('an attempt plan', () => {
  it('tries the deployments of the model, then the last again, then no more', () => {
    expect(follow([model('m', ['a', 'b'])])).toEqual([
      'a',
      'b',
      'b again after 50 ms',
    ]);
    expect(follow([model('m', ['a'])])).toEqual(['a', 'a again after 50 ms']);
  });

  it('waits for longer each time', () => {
    expect(
      follow([model('m', ['a'], { attempts: 5, perDeployment: 5 })]),
    ).toEqual([
      'a',
      'a again after 50 ms',
      'a again after 100 ms',
      'a again after 200 ms',
      'a again after 400 ms',
    ]);
  });

  it('keeps the last attempt for a fallback model', () => {
    const fallback = model('f', ['f1', 'f2']);
    expect(follow([model('m', ['a', 'b', 'c']), fallback])).toEqual([
      'a',
      'b',
      'f1',
    ]);
    expect(follow([model('m', ['a']), fallback])).toEqual([
      'a',
      'a again after 50 ms',
      'f1',
    ]);
    expect(
      follow([model('m', ['a'], { attempts: 9, perDeployment: 1 }), fallback]),
    ).toEqual(['a', 'f1', 'f2']);
  });

  it('goes to a fallback model at once when the model has nothing that may be tried', () => {
    const models = [model('m', ['a']), model('f', ['f1']), model('g', ['g1'])];
    expect(follow(models, { left: ['a', 'f1'] })).toEqual([
      'g1',
      'g1 again after 50 ms',
    ]);
    expect(follow(models, { left: ['a', 'f1', 'g1'] })).toEqual([]);
  });

  it('ends when the request is at fault', () => {
    expect(
      follow([model('m', ['a', 'b'])], { failure: failed('nowhere') }),
    ).toEqual(['a']);
  });

  it('does not try the same again when that is no use, when it has opened, or when the budget is spent', () => {
    const alone = [model('m', ['a'])];
    expect(follow(alone, { failure: failed('elsewhere') })).toEqual(['a']);
    expect(follow(alone, { budget: 0 })).toEqual(['a']);
    const left: string[] = [];
    expect(follow(alone, { left, onTry: id => left.push(id) })).toEqual(['a']);
  });

  it('waits as long as a provider asks, and does not when that is too long', () => {
    const alone = [model('m', ['a'])];
    expect(follow(alone, { failure: failed('same', 1_500) })).toEqual([
      'a',
      'a again after 1500 ms',
    ]);
    expect(follow(alone, { failure: failed('same', 60_000) })).toEqual(['a']);
  });

  it('begins nothing after its time', () => {
    expect(
      follow([model('m', ['a', 'b'], { withinMs: 100 })], {
        msPerAttempt: 101,
      }),
    ).toEqual(['a']);
    expect(
      follow([model('m', ['a'], { withinMs: 100 })], { msPerAttempt: 60 }),
    ).toEqual(['a']);
  });
});
