/** Events of streams, as providers write them. */

/** An event without a name. */
export const event = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;

/** What a delta of OpenAI's only choice holds. */
export const openAiDelta = (delta: object, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta, finish_reason: finish }] });
export const OPENAI_FINISH = openAiDelta({}, 'stop');
export const OPENAI_USAGE = { prompt_tokens: 7, completion_tokens: 3 };
export const OPENAI_REPORT = event({ choices: [], usage: OPENAI_USAGE });
export const DONE = 'data: [DONE]\n\n';

/** An event of Anthropic's, named by its type. */
export const anthropicEvent = (
  type: string,
  rest: Readonly<Record<string, unknown>> = {},
) => `event: ${type}\n${event({ type, ...rest })}`;
export const ANTHROPIC_START = anthropicEvent('message_start', {
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    usage: { input_tokens: 7, output_tokens: 1 },
  },
});
export const ANTHROPIC_BLOCK = anthropicEvent('content_block_start', {
  index: 0,
  content_block: { type: 'text', text: '' },
});
export const anthropicDelta = (text: string) =>
  anthropicEvent('content_block_delta', {
    index: 0,
    delta: { type: 'text_delta', text },
  });
export const ANTHROPIC_STOP = anthropicEvent('message_stop');
