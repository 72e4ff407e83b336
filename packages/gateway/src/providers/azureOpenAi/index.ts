import { mapError } from '../mapError';
import {
  createOpenAiKind,
  type OpenAiAddress,
} from '../openai/createOpenAiKind';
import { remembered } from '../remembered';
import type { ProviderKind, UpstreamTarget } from '../spec';

const baseOf = remembered(baseUrl =>
  new URL(baseUrl).pathname.replace(/(?:\/openai(?:\/v1)?)?\/*$/, ''),
);

/**
 * Azure OpenAI: OpenAI's bodies at Azure's URLs. With an `apiVersion` in its settings the URL names the deployment and the version; without
 * one it is of the newer kind, where the body names the deployment, as it names the model with OpenAI. The base URL is the resource's own,
 * such as `https://my-resource.openai.azure.com`; a path of `/openai` or `/openai/v1` at its end may stand there or not.
 */
export const azureOpenAi: ProviderKind = {
  telemetryName: 'azure.ai.openai',
  prepare: createOpenAiKind({ address, flavour: 'openai' }),
  mapError,
  probe,
};

/** Models are those of the resource and not of a deployment. */
function probe(target: UpstreamTarget): OpenAiAddress {
  const { apiVersion } = target.settings;
  const path =
    apiVersion === undefined
      ? '/openai/v1/models'
      : `/openai/models?api-version=${encodeURIComponent(apiVersion)}`;
  return { ...address('', target), path: `${baseOf(target.baseUrl)}${path}` };
}

function address(path: string, target: UpstreamTarget): OpenAiAddress {
  const { baseUrl, credential, requestId } = target;
  const headers = [
    'x-request-id',
    requestId,
    // The name by which Azure's own logs know a request.
    'x-ms-client-request-id',
    requestId,
  ];
  if (credential?.kind === 'key') headers.push('api-key', credential.secret);
  if (credential?.kind === 'token') {
    headers.push('authorization', `Bearer ${credential.token}`);
  }
  return { path: `${baseOf(baseUrl)}${pathOf(path, target)}`, headers };
}

function pathOf(
  path: string,
  { upstreamModel, settings: { apiVersion } }: UpstreamTarget,
): string {
  if (apiVersion === undefined) return `/openai/v1${path}`;
  const deployment = encodeURIComponent(upstreamModel);
  return `/openai/deployments/${deployment}${path}?api-version=${encodeURIComponent(apiVersion)}`;
}
