import { request } from 'undici';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What arrived of the body, whole or not. */
  readonly text: string;
  /** Whether the response ended before it was complete. */
  readonly broken: boolean;
}

/** A request over plain HTTP, answered as bytes: what an SDK would hide is what the tests look at. */
export async function post(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
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

/** A chat completion. */
export function chat(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return post(
    `${url}/v1/chat/completions`,
    {
      model: 'sim-instant',
      messages: [{ role: 'user', content: 'Why do ledgers balance?' }],
      ...body,
    },
    headers,
  );
}

/** A message in Anthropic's dialect. */
export function message(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return post(
    `${url}/v1/messages`,
    {
      model: 'sim-instant',
      max_tokens: 500,
      messages: [{ role: 'user', content: 'Why do ledgers balance?' }],
      ...body,
    },
    { 'anthropic-version': '2023-06-01', ...headers },
  );
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
