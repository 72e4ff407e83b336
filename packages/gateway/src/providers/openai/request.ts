import type { ChatRequest } from '../../wire/chatRequest';
import { scanJsonObject } from '../../wire/jsonScan';
import { splice, type Edit } from '../../wire/splice';
import type { UpstreamRequest, UpstreamTarget } from '../spec';

/**
 * The client's request with two changes and not a byte more: the model is the upstream's, and a stream is always asked for its usage.
 */
export function buildRequest(
  request: ChatRequest,
  target: UpstreamTarget,
): UpstreamRequest {
  const base = new URL(target.baseUrl);
  const path = base.pathname.replace(/\/+$/, '');
  const edits = [modelEdit(request, target.upstreamModel)];
  if (request.stream) edits.push(usageEdit(request));
  return {
    path: `${path}/chat/completions`,
    headers: {
      'content-type': 'application/json',
      accept: request.stream ? 'text/event-stream' : 'application/json',
      'user-agent': 'ai-gateway',
      'x-request-id': target.requestId,
      ...(target.secret !== null && {
        authorization: `Bearer ${target.secret}`,
      }),
    },
    body: splice(request.bytes, edits),
  };
}

function modelEdit({ object }: ChatRequest, upstreamModel: string): Edit {
  const model = object.members.get('model');
  // A chat request without a model has been refused.
  if (!model) throw new TypeError('A chat request has a model');
  return {
    start: model.start,
    end: model.end,
    with: JSON.stringify(upstreamModel),
  };
}

function usageEdit({ bytes, object }: ChatRequest): Edit {
  const options = object.members.get('stream_options');
  if (!options) {
    return {
      start: object.open,
      end: object.open,
      with: '"stream_options":{"include_usage":true},',
    };
  }
  const inner =
    options.kind === 'object'
      ? scanJsonObject(bytes, options.start, options.end)
      : undefined;
  if (!inner?.ok) {
    return {
      start: options.start,
      end: options.end,
      with: '{"include_usage":true}',
    };
  }
  const asked = inner.object.members.get('include_usage');
  if (asked) return { start: asked.start, end: asked.end, with: 'true' };
  return {
    start: inner.object.open,
    end: inner.object.open,
    with: `"include_usage":true${inner.object.members.size > 0 ? ',' : ''}`,
  };
}
