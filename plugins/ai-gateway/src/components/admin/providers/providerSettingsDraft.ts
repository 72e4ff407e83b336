import type {
  ProviderKind,
  ProviderSettings,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What the fields of a provider's settings hold; empty for what is not said. */
export interface ProviderSettingsDraft {
  apiVersion: string;
  auth: 'key' | 'managed-identity';
  identityClientId: string;
  onClientAbort: '' | 'drain' | 'abort';
  defaultMaxTokens: string;
  /** Settings that have no field here; they stay as they are. */
  others: ProviderSettings;
}

/** Nothing is said. */
export const NO_SETTINGS: ProviderSettingsDraft = {
  apiVersion: '',
  auth: 'key',
  identityClientId: '',
  onClientAbort: '',
  defaultMaxTokens: '',
  others: {},
};

/** The fields of settings that are saved. */
export function draftOfSettings(
  settings: ProviderSettings,
): ProviderSettingsDraft {
  const {
    apiVersion,
    auth,
    identityClientId,
    onClientAbort,
    defaultMaxTokens,
    ...others
  } = settings;
  return {
    apiVersion: apiVersion ?? '',
    auth: auth ?? 'key',
    identityClientId: identityClientId ?? '',
    onClientAbort: onClientAbort ?? '',
    defaultMaxTokens:
      defaultMaxTokens === undefined ? '' : String(defaultMaxTokens),
    others,
  };
}

/** The settings that the fields hold; those that a kind has no use for are left out. */
export function settingsOfDraft(
  kind: ProviderKind,
  draft: ProviderSettingsDraft,
) {
  const { others, auth, onClientAbort } = draft;
  const apiVersion = draft.apiVersion.trim();
  const identityClientId = draft.identityClientId.trim();
  const defaultMaxTokens = draft.defaultMaxTokens.trim();
  const usesIdentity = kind === 'azure-openai' && auth === 'managed-identity';
  return {
    ...others,
    ...(kind === 'azure-openai' && apiVersion && { apiVersion }),
    ...(usesIdentity && { auth }),
    ...(usesIdentity && identityClientId && { identityClientId }),
    ...(onClientAbort && { onClientAbort }),
    ...(kind === 'anthropic' &&
      defaultMaxTokens && { defaultMaxTokens: Number(defaultMaxTokens) }),
  };
}
