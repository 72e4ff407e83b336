import {
  createProviderSchema,
  updateProviderSchema,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { providerOf } from '../__testUtils__/adminFixtures';
import {
  draftOfProvider,
  draftToProvider,
  NEW_PROVIDER,
  providerChange,
} from './providerDraft';

it('has no secret where none is named', () => {
  const draft = { ...NEW_PROVIDER, secretRef: ' ' };
  expect(draftToProvider(draft).secretRef).toBeNull();
});

it('gives back what is saved when nothing is changed', () => {
  const provider = providerOf('openai', { secretRef: 'env://KEY', version: 3 });
  const body = createProviderSchema.parse(
    draftToProvider(draftOfProvider(provider)),
  );
  expect(updateProviderSchema.parse(providerChange(body, 3))).toEqual({
    version: 3,
    title: 'openai',
    kind: 'openai',
    baseUrl: 'https://openai.example.com/v1',
    secretRef: 'env://KEY',
    enabled: true,
  });
});
