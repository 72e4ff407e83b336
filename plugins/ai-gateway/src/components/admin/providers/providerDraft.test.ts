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
    settings: {},
    enabled: true,
  });
});

it('keeps the settings that have no field', () => {
  const settings = {
    apiVersion: '2024-10-21',
    auth: 'managed-identity',
    identityClientId: 'id',
    onClientAbort: 'abort',
    sampling: false,
  } as const;
  const provider = providerOf('azure', { kind: 'azure-openai', settings });
  expect(draftToProvider(draftOfProvider(provider)).settings).toEqual(settings);
});

it.each(['openai', 'anthropic'] as const)(
  'leaves out of %s what only Azure has',
  kind => {
    const draft = draftOfProvider(
      providerOf('azure', {
        kind: 'azure-openai',
        settings: {
          apiVersion: '2024-10-21',
          auth: 'managed-identity',
          onClientAbort: 'drain',
        },
      }),
    );
    expect(draftToProvider({ ...draft, kind }).settings).toEqual({
      onClientAbort: 'drain',
    });
  },
);
