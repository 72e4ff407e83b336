import type { ToolChoice, ToolDefinition } from '../canonical/request';
import { Fields } from '../reading/Fields';
import type { Problems } from '../refusal';
import { readCacheMarker } from './readCacheMarker';

const ONLY_FUNCTIONS = "can only be 'function' for the provider of this model";

/** Reads `tools`. */
export function readTools(
  request: Fields,
  problems: Problems,
): readonly ToolDefinition[] {
  return (request.list('tools') ?? []).map(({ value, at }) => {
    const tool = Fields.of(value, at, problems);
    const isFunction = isFunctionType(tool, problems);
    if (isFunction && !tool.has('function')) tool.string('function');
    const cacheMarker = readCacheMarker(tool);
    const inner = tool.object('function');
    const name = isFunction && inner ? inner.string('name') : '';
    const description = inner?.optionalString('description');
    const parameters = inner?.json('parameters');
    const strict = inner?.boolean('strict');
    inner?.refuseRest();
    tool.refuseRest();
    return {
      at,
      name,
      ...(description !== undefined && { description }),
      ...(parameters !== undefined && { parameters }),
      ...(strict !== undefined && { strict }),
      ...(cacheMarker && { cacheMarker }),
    };
  });
}

/** Reads `tool_choice`. */
export function readToolChoice(
  request: Fields,
  problems: Problems,
): ToolChoice | undefined {
  if (typeof request.raw('tool_choice') === 'string') {
    const type = request.word('tool_choice', ['none', 'auto', 'required']);
    return type && { type };
  }
  const choice = request.object('tool_choice');
  if (!choice) return undefined;
  if (!isFunctionType(choice, problems)) return undefined;
  if (!choice.has('function')) choice.string('function');
  const named = choice.object('function');
  const name = named?.string('name') ?? '';
  named?.refuseRest();
  choice.refuseRest();
  return { type: 'named', name };
}

function isFunctionType(fields: Fields, problems: Problems): boolean {
  const type = fields.string('type');
  if (type === 'function') return true;
  problems.unsupported(fields.path('type'), ONLY_FUNCTIONS);
  return false;
}
