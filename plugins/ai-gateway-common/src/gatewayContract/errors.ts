import { z } from 'zod';

/** How every refusal of the gateway looks: OpenAI's error body. @public */
export const gatewayErrorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string().meta({ example: 'invalid_request_error' }),
      param: z.string().nullable(),
      code: z.string().nullable().meta({ example: 'invalid_api_key' }),
    }),
  })
  .meta({ id: 'Error' });

/** The same where Anthropic's dialect is spoken; `code` and `param` are the gateway's own, and as stable as in the other shape. @public */
export const anthropicErrorSchema = z
  .object({
    type: z.literal('error'),
    error: z.object({
      type: z.string().meta({ example: 'invalid_request_error' }),
      message: z.string(),
      code: z.string().meta({ example: 'invalid_api_key' }),
      param: z.string().nullable(),
    }),
    request_id: z.string(),
  })
  .meta({ id: 'AnthropicError' });
