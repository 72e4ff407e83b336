import type { ToolChoice, ToolDefinition } from '../canonical/request';
import { IGNORED_MEMBERS } from '../ignored';
import { Fields } from '../reading/Fields';
import type { Problems } from '../refusal';
import { readCacheMarker } from './readBlocks';

/** Reads `tools`: those of the client's own; Anthropic's are run by Anthropic. */
export function readTools(
  request: Fields,
  problems: Problems,
): readonly ToolDefinition[] {
  return (request.list('tools') ?? []).map(({ value, at }) => {
    const tool = Fields.of(value, at, problems);
    const type = tool.optionalString('type');
    if (type !== undefined && type !== 'custom') {
      problems.unsupported(
        tool.path('type'),
        `is '${type.slice(0, 50)}', a tool of Anthropic that the provider of this model does not have`,
      );
    }
    const name = tool.string('name');
    const description = tool.optionalString('description');
    const parameters = tool.json('input_schema');
    if (!parameters) {
      problems.add({
        code: 'missing_parameter',
        param: tool.path('input_schema'),
      });
    }
    const strict = tool.boolean('strict');
    const cacheMarker = readCacheMarker(tool);
    refuseUntranslatable(tool, problems);
    tool.ignore(Object.keys(IGNORED_MEMBERS.anthropicMessages.tool));
    tool.refuseRest();
    return {
      at,
      name,
      ...(description !== undefined && { description }),
      ...(parameters && { parameters }),
      ...(strict !== undefined && { strict }),
      ...(cacheMarker && { cacheMarker }),
    };
  });
}

function refuseUntranslatable(tool: Fields, problems: Problems): void {
  const unknown = 'is not known to the provider of this model';
  if (tool.boolean('defer_loading')) {
    problems.unsupported(tool.path('defer_loading'), unknown);
  }
  if (tool.list('input_examples')?.length) {
    problems.unsupported(tool.path('input_examples'), unknown);
  }
  const callers = tool.strings('allowed_callers');
  if (callers?.some(caller => caller !== 'direct')) {
    problems.unsupported(tool.path('allowed_callers'), unknown);
  }
}

/** Reads `tool_choice`, which also says whether calls may be made together. */
export function readToolChoice(request: Fields): {
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
} {
  const choice = request.object('tool_choice');
  if (!choice) return {};
  const type = choice.word('type', ['auto', 'any', 'tool', 'none']);
  if (type === undefined) choice.string('type');
  const name = type === 'tool' ? choice.string('name') : '';
  const serial = choice.boolean('disable_parallel_tool_use');
  choice.refuseRest();
  return {
    toolChoice: toToolChoice(type, name),
    ...(serial !== undefined && { parallelToolCalls: !serial }),
  };
}

function toToolChoice(
  type: 'auto' | 'any' | 'tool' | 'none' | undefined,
  name: string,
): ToolChoice {
  switch (type) {
    case 'any':
      return { type: 'required' };
    case 'tool':
      return { type: 'named', name };
    case 'none':
      return { type: 'none' };
    default:
      return { type: 'auto' };
  }
}
