import type { Deployment } from '../snapshot/Snapshot';
import { openai } from '../providers/openai';
import { chooseDeployment } from './chooseDeployment';

const deployment = (
  id: string,
  priority: number,
  weight: number,
): Deployment => ({
  id,
  priority,
  weight,
  modelId: 'm',
  upstreamModel: 'u',
  prices: [],
  provider: {
    id: 'p',
    name: 'p',
    dialect: openai,
    baseUrl: 'http://x/v1',
    origin: 'http://x',
    secretRef: null,
    onClientAbort: 'abort',
  },
});

describe('chooseDeployment', () => {
  it('takes those of the first priority by their weight, and never another', () => {
    const deployments = [
      deployment('a', 0, 1),
      deployment('b', 0, 3),
      deployment('later', 1, 1_000),
    ];
    const chosen = [0, 0.2, 0.25, 0.5, 0.999].map(
      random => chooseDeployment(deployments, random).id,
    );
    expect(chosen).toEqual(['a', 'a', 'b', 'b', 'b']);
  });
});
