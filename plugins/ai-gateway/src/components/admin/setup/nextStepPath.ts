import type { AdminPaths } from '../adminPaths';
import type { NextStep } from './modelSetup';

/** Where a missing step is done. */
export function nextStepPath(next: NextStep, paths: AdminPaths): string {
  switch (next.kind) {
    case 'register-provider':
      return paths.providers('new');
    case 'add-model':
      return paths.models('new');
    case 'add-deployment':
      return paths.model(next.modelId, { panel: 'add-deployment' });
    case 'set-price':
      return paths.model(next.modelId, {
        panel: 'set-price',
        deployment: next.deploymentId,
      });
    case 'enable-provider':
      return paths.providers(next.providerId);
    case 'publish':
      return paths.model(next.modelId);
    default:
      throw new RangeError(
        `No such step: ${JSON.stringify(next satisfies never)}`,
      );
  }
}
