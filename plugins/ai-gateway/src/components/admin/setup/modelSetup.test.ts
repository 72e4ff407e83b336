import type { Deployment } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import fc from 'fast-check';
import { adminPaths } from '../adminPaths';
import {
  deploymentOf,
  pricePeriodOf,
  uuidOf,
} from '../__testUtils__/adminFixtures';
import {
  type NextStep,
  nextStepLabel,
  nextStepOfAll,
  nextStepOfModel,
  SETUP_STEPS,
  stepOf,
} from './modelSetup';
import { nextStepPath } from './nextStepPath';

const MODEL = { id: 'gpt-4o' };
const enabled = deploymentOf('gpt-4o').provider;
const disabled = { ...enabled, enabled: false };
const priced = { currentPrice: pricePeriodOf() };
const next = (...some: Partial<Deployment>[]) =>
  nextStepOfModel(
    MODEL,
    some.map((each, i) => deploymentOf('gpt-4o', { id: uuidOf(i), ...each })),
    true,
  );

describe('nextStepOfModel', () => {
  it('goes from provider to deployment to price to publish', () => {
    expect(nextStepOfModel(MODEL, [], false)).toEqual({
      kind: 'register-provider',
    });
    expect(next()).toEqual({ kind: 'add-deployment', modelId: 'gpt-4o' });
    expect(next({})).toMatchObject({ kind: 'set-price' });
    expect(next(priced)).toMatchObject({ kind: 'publish' });
    expect(next({ ...priced, published: true })).toBeUndefined();
  });

  it('asks to enable the provider of what cannot be served otherwise', () => {
    const step = {
      kind: 'enable-provider',
      providerId: enabled.id,
      title: 'OpenAI',
    };
    expect(next({ ...priced, provider: disabled })).toEqual(step);
    expect(next({ ...priced, provider: disabled, published: true })).toEqual(
      step,
    );
  });

  it('goes by the deployment that is nearest', () => {
    expect(next({}, priced, {})).toEqual({
      kind: 'publish',
      modelId: 'gpt-4o',
      deploymentId: uuidOf(1),
    });
    expect(next({}, { ...priced, published: true })).toBeUndefined();
  });

  it('is undefined exactly when some deployment is published at an enabled provider', () => {
    const deployments = fc.array(
      fc
        .tuple(fc.boolean(), fc.boolean(), fc.boolean())
        .map(([isEnabled, isPriced, published]) => ({
          provider: isEnabled ? enabled : disabled,
          currentPrice: isPriced ? pricePeriodOf() : null,
          // The backend publishes nothing without a price.
          published: isPriced && published,
        })),
    );
    fc.assert(
      fc.property(deployments, some => {
        expect(next(...some) === undefined).toBe(
          some.some(each => each.published && each.provider.enabled),
        );
      }),
    );
  });
});

describe('nextStepOfAll', () => {
  it('begins with a provider, then a model', () => {
    expect(nextStepOfAll([], [], false)).toEqual({ kind: 'register-provider' });
    expect(nextStepOfAll([], [], true)).toEqual({ kind: 'add-model' });
  });

  it('goes by the model that is nearest, and ends with the first that can be called', () => {
    const models = [{ id: 'new' }, { id: 'ready' }];
    const ready = deploymentOf('ready', priced);
    expect(nextStepOfAll(models, [ready], true)).toMatchObject({
      kind: 'publish',
      modelId: 'ready',
    });
    expect(
      nextStepOfAll(models, [{ ...ready, published: true }], true),
    ).toBeUndefined();
  });
});

it.each<[NextStep, string, string, string]>([
  [
    { kind: 'register-provider' },
    'provider',
    'Register a provider first',
    '/a/providers?provider=new',
  ],
  [{ kind: 'add-model' }, 'model', 'Add a model', '/a/models?model=new'],
  [
    { kind: 'add-deployment', modelId: 'm' },
    'deployment',
    'Add a deployment',
    '/a/models/m?panel=add-deployment',
  ],
  [
    { kind: 'set-price', modelId: 'm', deploymentId: 'd' },
    'price',
    'Set a price to publish',
    '/a/models/m?panel=set-price&deployment=d',
  ],
  [
    { kind: 'publish', modelId: 'm', deploymentId: 'd' },
    'publish',
    'Publish it',
    '/a/models/m',
  ],
  [
    { kind: 'enable-provider', providerId: 'p', title: 'OpenAI' },
    'publish',
    'Enable OpenAI to serve it',
    '/a/providers?provider=p',
  ],
])('does %j at the step %s', (step, name, label, path) => {
  expect(SETUP_STEPS[stepOf(step)]).toBe(name);
  expect(nextStepLabel(step)).toBe(label);
  expect(nextStepPath(step, adminPaths('/a'))).toBe(path);
});
