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
