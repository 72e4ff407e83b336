import { z } from 'zod';

const schema = z.object({
  data: z.array(z.object({ id: z.string().max(255) })),
});

/** The names in a list of models as OpenAI's dialect writes it; `undefined` when a text is none. */
export function readModelList(text: string): string[] | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(body);
  return parsed.success ? parsed.data.data.map(model => model.id) : undefined;
}
