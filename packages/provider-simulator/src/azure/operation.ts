import type { Asked, Operation } from '../generation/operation';
import { azureReplyOf } from './errors';

interface Placement {
  /** The deployment that the URL names; undefined where the body names it. */
  readonly deployment: string | undefined;
  readonly admit: Operation<Asked>['admit'];
}

/** An operation of OpenAI's as Azure serves it: its own keys, errors of the gateway before the model, headers. */
export function onAzure<R extends Asked>(
  operation: Operation<R>,
  { deployment, admit }: Placement,
): Operation<R> {
  return {
    ...operation,
    admit,
    headers: id => ({
      ...operation.headers(id),
      'apim-request-id': id.slice(operation.idPrefix.length),
      'x-ms-region': 'Simulated',
    }),
    tell: (problem, id) => azureReplyOf(problem) ?? operation.tell(problem, id),
    // The URL decides, whatever model the body names.
    parse: (body, id, headers) =>
      operation.parse(
        deployment !== undefined && isObject(body)
          ? { ...body, model: deployment }
          : body,
        id,
        headers,
      ),
  };
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
