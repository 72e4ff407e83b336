import type { ClientRequest } from '../endpoints';
import { refuse } from '../errors/registry';
import { BYTES_PER_TOKEN } from '../metering/estimate';
import type { UpstreamCall } from '../providers/spec';
import type { WholeBody } from '../upstream/UpstreamAnswer';
import type { Gateway } from './Gateway';
import type { Attempted, Tried } from './Tried';

/**
 * Reads an answer that is not streamed. It came to its end even if the client has hung up, as long as the attempt went on: then the usage
 * that is told in it is exact.
 */
export function readWhole(
  attempted: Attempted,
  call: UpstreamCall,
  { bytes, extent }: WholeBody,
  gateway: Gateway,
): Tried {
  const { admitted, watch } = attempted;
  const { exchange, request } = admitted;
  gateway.overload.bodies.add(exchange, bytes.length);
  const generatedBytes =
    extent === 'whole'
      ? 0
      : Math.min(call.generatedIn(bytes), mostGenerated(request));
  if (extent === 'cut-off' && watch.clientIsGone()) {
    return {
      kind: 'gone',
      attempted,
      taken: true,
      generatedBytes,
    };
  }
  if (extent !== 'whole') {
    return {
      kind: 'failed',
      attempted,
      status: 200,
      outcome: 'truncated',
      refusal: refuse(
        extent === 'too-large' ? 'response_too_large' : 'upstream_cut_off',
        {},
      ),
      // The text that came of it is as good a guess as there is.
      taken: bytes.length > 0,
      generatedBytes,
    };
  }
  const answer = call.readWhole(bytes);
  if (answer.kind === 'completion') {
    return {
      kind: 'whole',
      attempted,
      status: 200,
      answer,
      answeredAt: gateway.monotonic(),
    };
  }
  return {
    kind: 'failed',
    attempted,
    status: 200,
    outcome: 'upstream_error',
    refusal:
      answer.kind === 'error'
        ? answer.refusal
        : refuse('upstream_invalid_response', {}),
    taken: false,
    generatedBytes: 0,
  };
}

/** The most bytes of text that it is billed for when there is no telling, as it may have been asked for less. */
function mostGenerated({
  maxOutputTokens,
  choices,
  object,
}: ClientRequest): number {
  // An array of prompts has so many choices for each of them.
  return maxOutputTokens === null ||
    object.members.get('prompt')?.kind === 'array'
    ? Infinity
    : maxOutputTokens * choices * BYTES_PER_TOKEN;
}
