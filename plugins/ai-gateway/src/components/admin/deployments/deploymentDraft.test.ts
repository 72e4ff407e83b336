import {
  createDeploymentSchema,
  updateDeploymentSchema,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { deploymentOf, uuidOf } from '../__testUtils__/adminFixtures';
import {
  deploymentChange,
  draftOfDeployment,
  draftToDeployment,
  newDeploymentDraft,
} from './deploymentDraft';

it('chooses the only provider there is', () => {
  const [one, two] = [{ id: uuidOf(1) }, { id: uuidOf(2) }];
  expect(newDeploymentDraft([one]).providerId).toBe(one.id);
  expect(newDeploymentDraft([one, two]).providerId).toBe('');
});

it.each(['', 'heavy', '1.5', '0', '1001'])('refuses the weight %p', weight => {
  const draft = { ...draftOfDeployment(deploymentOf('gpt-4o')), weight };
  expect(
    createDeploymentSchema.safeParse(draftToDeployment(draft, 'gpt-4o')),
  ).toMatchObject({
    success: false,
    error: { issues: [{ path: ['weight'] }] },
  });
});

it('changes what may change, against the version that was read', () => {
  const draft = {
    ...draftOfDeployment(deploymentOf('gpt-4o')),
    upstreamModel: 'gpt-4o-2024-11-20',
    weight: '3',
  };
  const body = createDeploymentSchema.parse(draftToDeployment(draft, 'gpt-4o'));
  expect(updateDeploymentSchema.parse(deploymentChange(body, 4))).toEqual({
    version: 4,
    upstreamModel: 'gpt-4o-2024-11-20',
    weight: 3,
    priority: 0,
  });
});
