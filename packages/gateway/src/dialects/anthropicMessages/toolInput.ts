import { isJsonObject, parseJson, type JsonObject } from '../canonical/json';

/** Anthropic's own name for arguments that are no JSON, in an input that must be an object. */
export const INVALID_JSON = 'INVALID_JSON';

/**
 * The input of a call: its arguments as an object. A call without arguments has an empty one; what is no object, as of an answer that was
 * cut off, is wrapped, since it must be said and there is no other place to say it.
 */
export function toToolInput(args: string): JsonObject {
  if (args.trim() === '') return {};
  const parsed = parseJson(args);
  return isJsonObject(parsed) ? parsed : { [INVALID_JSON]: args };
}

/** An id as Anthropic takes it: letters, digits, `_` and `-`. The same id always becomes the same, so that calls and results still meet. */
export function toToolUseId(id: string): string {
  return id.replace(
    /[^A-Za-z0-9_-]/g,
    char => `_${char.charCodeAt(0).toString(16)}_`,
  );
}
