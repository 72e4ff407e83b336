import { parseChatRequest, type ChatRequest } from './chatRequest';
import { splice, type Edit } from './splice';

/** By how old its client is, a request has either, both or none. */
const PARAMETERS = ['max_completion_tokens', 'max_tokens'] as const;

/** The same request, in which each answer may have so many tokens and no more. */
export function capOutput(
  request: ChatRequest,
  maxOutputTokens: number,
): ChatRequest {
  const { bytes, object } = request;
  const text = String(maxOutputTokens);
  const edits = PARAMETERS.flatMap((name): Edit[] => {
    const member = object.members.get(name);
    return member && member.kind !== 'null'
      ? [{ start: member.start, end: member.end, with: text }]
      : [];
  });
  if (edits.length === 0) edits.push(addition(request, text));
  const capped = parseChatRequest(splice(bytes, edits));
  if (!capped.ok) throw new TypeError('A request was broken by its cap');
  return capped.request;
}

function addition({ object }: ChatRequest, text: string): Edit {
  const [newest] = PARAMETERS;
  const member = object.members.get(newest);
  return member
    ? { start: member.start, end: member.end, with: text }
    : {
        start: object.open,
        end: object.open,
        with: `"${newest}":${text},`,
      };
}
