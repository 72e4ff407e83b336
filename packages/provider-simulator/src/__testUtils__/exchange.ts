import { request } from 'undici';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What arrived of the body, whole or not. */
  readonly text: string;
  /** Whether the response ended before it was complete. */
  readonly broken: boolean;
}

/** A chat completion over plain HTTP, as bytes: what an SDK would hide is what the tests look at. */
export async function chat(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await request(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      model: 'sim-instant',
      messages: [{ role: 'user', content: 'Why do ledgers balance?' }],
      ...body,
    }),
  });
  const chunks: Buffer[] = [];
  let broken = false;
  try {
    for await (const chunk of response.body) chunks.push(chunk);
  } catch {
    broken = true;
  }
  return {
    status: response.statusCode,
    headers: response.headers,
    text: Buffer.concat(chunks).toString('utf8'),
    broken,
  };
}

/** The payloads of the data lines of a stream. */
export function dataLines(text: string): string[] {
  return text
    .split('\n\n')
    .filter(event => event.startsWith('data: '))
    .map(event => event.slice('data: '.length));
}

/** The content of a stream's chunks, joined. Lines that are not JSON are passed over. */
export function contentOf(text: string): string {
  return dataLines(text)
    .filter(line => line.endsWith('}'))
    .map(line => JSON.parse(line).choices?.[0]?.delta?.content ?? '')
    .join('');
}
