import type {
  Deployment,
  Model,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What a model needs before it can be called, in this order. */
export const SETUP_STEPS = [
  'provider',
  'model',
  'deployment',
  'price',
  'publish',
] as const;

/** {@inheritDoc SETUP_STEPS} */
export type SetupStep = (typeof SETUP_STEPS)[number];

/** What a reader calls the steps. */
export const SETUP_STEP_LABELS: Record<SetupStep, string> = {
  provider: 'Provider',
  model: 'Model',
  deployment: 'Deployment',
  price: 'Price',
  publish: 'Publish',
};

/** What is missing next before a model can be called. */
export type NextStep =
  | { readonly kind: 'register-provider' }
  | { readonly kind: 'add-model' }
  | { readonly kind: 'add-deployment'; readonly modelId: string }
  | {
      readonly kind: 'set-price' | 'publish';
      readonly modelId: string;
      readonly deploymentId: string;
    }
  | {
      readonly kind: 'enable-provider';
      readonly providerId: string;
      readonly title: string;
    };

/** How far a deployment is; the larger the nearer. */
function progressOf(deployment: Deployment): number {
  return (
    Number(deployment.published) * 4 +
    Number(deployment.currentPrice !== null) * 2 +
    Number(deployment.provider.enabled)
  );
}

/**
 * What is missing next before a model can be called, by way of the deployment that is nearest to it.
 *
 * @param deployments - those of the model
 * @param hasProvider - whether there is a provider at all
 * @returns `undefined` when it can be called
 */
export function nextStepOfModel(
  model: Pick<Model, 'id'>,
  deployments: readonly Deployment[],
  hasProvider: boolean,
): NextStep | undefined {
  const nearest = deployments.reduce<Deployment | undefined>(
    (best, each) =>
      best && progressOf(best) >= progressOf(each) ? best : each,
    undefined,
  );
  if (!nearest) {
    return hasProvider
      ? { kind: 'add-deployment', modelId: model.id }
      : { kind: 'register-provider' };
  }
  const served = deployments.some(
    ({ published, provider }) => published && provider.enabled,
  );
  if (served) return undefined;
  const { provider } = nearest;
  const subject = { modelId: model.id, deploymentId: nearest.id };
  if (!nearest.currentPrice) return { kind: 'set-price', ...subject };
  if (!provider.enabled) {
    return {
      kind: 'enable-provider',
      providerId: provider.id,
      title: provider.title,
    };
  }
  return { kind: 'publish', ...subject };
}

/**
 * What is missing next before anything can be called at all: the way of a new admin.
 *
 * @returns `undefined` when some model can be called
 */
export function nextStepOfAll(
  models: readonly Pick<Model, 'id'>[],
  deployments: readonly Deployment[],
  hasProvider: boolean,
): NextStep | undefined {
  if (!hasProvider) return { kind: 'register-provider' };
  if (models.length === 0) return { kind: 'add-model' };
  const steps = models.map(model =>
    nextStepOfModel(
      model,
      deployments.filter(deployment => deployment.modelId === model.id),
      hasProvider,
    ),
  );
  if (steps.includes(undefined)) return undefined;
  return steps.reduce((nearest, step) =>
    nearest && step && stepOf(step) > stepOf(nearest) ? step : nearest,
  );
}

const STEP_OF_KIND: Record<NextStep['kind'], SetupStep> = {
  'register-provider': 'provider',
  'add-model': 'model',
  'add-deployment': 'deployment',
  'set-price': 'price',
  'enable-provider': 'publish',
  publish: 'publish',
};

/** Where on the way a missing step is, from 0 on; all before it are done. */
export function stepOf(next: NextStep): number {
  return SETUP_STEPS.indexOf(STEP_OF_KIND[next.kind]);
}

/** The button that does the missing step. */
export function nextStepLabel(next: NextStep): string {
  switch (next.kind) {
    case 'register-provider':
      return 'Register a provider first';
    case 'add-model':
      return 'Add a model';
    case 'add-deployment':
      return 'Add a deployment';
    case 'set-price':
      return 'Set a price to publish';
    case 'enable-provider':
      return `Enable ${next.title} to serve it`;
    case 'publish':
      return 'Publish it';
    default:
      throw new RangeError(
        `No such step: ${JSON.stringify(next satisfies never)}`,
      );
  }
}
