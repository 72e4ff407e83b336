import {
  type CreateProvider,
  type Provider,
  type ProviderKind,
  type UpdateProvider,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  draftOfSettings,
  NO_SETTINGS,
  settingsOfDraft,
  type ProviderSettingsDraft,
} from './providerSettingsDraft';

/** What the fields of the provider form hold. */
export interface ProviderDraft {
  name: string;
  title: string;
  kind: ProviderKind;
  baseUrl: string;
  /** Empty for none. */
  secretRef: string;
  settings: ProviderSettingsDraft;
  enabled: boolean;
}

/** What a reader calls the kinds. */
export const PROVIDER_KIND_LABELS: Record<ProviderKind, string> = {
  openai: 'OpenAI',
  vllm: 'vLLM',
  'openai-compatible': 'OpenAI-compatible',
  'azure-openai': 'Azure OpenAI',
  anthropic: 'Anthropic',
};

/** What to expect of the kinds, and where they are usually found. */
export const PROVIDER_KIND_HINTS: Record<
  ProviderKind,
  { readonly baseUrl: string; readonly secretRef: string }
> = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    secretRef: 'env://OPENAI_API_KEY',
  },
  vllm: {
    baseUrl: 'https://vllm.example.com/v1',
    secretRef: 'env://VLLM_API_KEY',
  },
  'openai-compatible': {
    baseUrl: 'https://models.example.com/v1',
    secretRef: 'env://PROVIDER_API_KEY',
  },
  'azure-openai': {
    baseUrl: 'https://my-resource.openai.azure.com',
    secretRef: 'env://AZURE_OPENAI_API_KEY',
  },
  anthropic: {
    baseUrl: 'https://api.anthropic.com',
    secretRef: 'env://ANTHROPIC_API_KEY',
  },
};

/** An empty form. */
export const NEW_PROVIDER: ProviderDraft = {
  name: '',
  title: '',
  kind: 'openai',
  baseUrl: '',
  secretRef: '',
  settings: NO_SETTINGS,
  enabled: true,
};

/** The form of a provider that is saved. */
export function draftOfProvider(provider: Provider): ProviderDraft {
  const { name, title, kind, baseUrl, secretRef, settings, enabled } = provider;
  return {
    name,
    title,
    kind,
    baseUrl,
    secretRef: secretRef ?? '',
    settings: draftOfSettings(settings),
    enabled,
  };
}

/** The request that registers what the form holds. */
export function draftToProvider(draft: ProviderDraft) {
  return {
    ...draft,
    secretRef: secretRefOf(draft),
    settings: settingsOfDraft(draft.kind, draft.settings),
  };
}

/** The part of the form that a connection is made with. */
export function draftToConnection(draft: ProviderDraft) {
  const { kind, baseUrl } = draft;
  return {
    kind,
    baseUrl,
    secretRef: secretRefOf(draft),
    settings: settingsOfDraft(kind, draft.settings),
  };
}

/** The request that changes a provider; its name stays. */
export function providerChange(
  body: CreateProvider,
  version: number,
): UpdateProvider {
  const { title, kind, baseUrl, secretRef, settings, enabled } = body;
  return { version, title, kind, baseUrl, secretRef, settings, enabled };
}

function secretRefOf({ secretRef }: ProviderDraft): string | null {
  return secretRef.trim() || null;
}
