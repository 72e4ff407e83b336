import { Agent, request, type Dispatcher } from 'undici';
import type { Usage } from '../ledger/exactCost';
import type { Seen } from './Seen';

/** A chat completion to ask for. */
export interface Question {
  readonly requestId: string;
  readonly model: string;
  readonly streamed: boolean;
  readonly maxTokens: number;
  readonly content?: string;
}

/** An application that asks gateways for chat completions and looks closely at what comes. */
export class Client {
  readonly #agent: Agent;
  readonly #apiKey: string;
  readonly #timeoutMs: number;

  /** @param options - `timeoutMs`: after which silence counts as a broken answer */
  static create(options: { apiKey: string; timeoutMs?: number }): Client {
    return new Client(options);
  }

  private constructor(
    options: { apiKey: string; timeoutMs?: number },
    agent?: Agent,
  ) {
    this.#apiKey = options.apiKey;
    this.#timeoutMs = options.timeoutMs ?? 60_000;
    this.#agent =
      agent ??
      new Agent({
        connections: null,
        headersTimeout: this.#timeoutMs,
        bodyTimeout: this.#timeoutMs,
        connectTimeout: 10_000,
        pipelining: 1,
      });
  }

  /** The same with another key, over the same connections. */
  withKey(apiKey: string): Client {
    return new Client({ apiKey, timeoutMs: this.#timeoutMs }, this.#agent);
  }

  /** Never rejects: whatever happens is something that was seen. */
  async ask(
    url: string,
    question: Question,
    options: { onFirstByte?: () => void } = {},
  ): Promise<Seen> {
    const sentAt = performance.now();
    const { requestId, streamed } = question;
    const common = () => ({
      requestId,
      streamed,
      sentAt,
      endedAt: performance.now(),
    });
    let response: Dispatcher.ResponseData;
    try {
      response = await request(`${url}/v1/chat/completions`, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: {
          authorization: `Bearer ${this.#apiKey}`,
          'content-type': 'application/json',
          'x-request-id': requestId,
        },
        body: bodyOf(question),
      });
    } catch (error) {
      const reason = reasonOf(error);
      return reason === 'ECONNREFUSED'
        ? { ...common(), kind: 'unreachable', reason }
        : { ...common(), kind: 'broken', reason };
    }
    const { statusCode: status } = response;
    const headers = flat(response.headers);
    let text = '';
    try {
      const decoder = new TextDecoder();
      for await (const chunk of response.body) {
        if (text === '') options.onFirstByte?.();
        text += decoder.decode(chunk, { stream: true });
      }
    } catch (error) {
      return { ...common(), kind: 'broken', reason: reasonOf(error) };
    }
    if (status !== 200) {
      return {
        ...common(),
        kind: 'refused',
        status,
        code: codeOf(text),
        body: text,
        headers,
      };
    }
    const usage = streamed ? usageOfStream(text) : usageOfBody(text);
    return typeof usage === 'string'
      ? { ...common(), kind: 'broken', reason: usage }
      : { ...common(), kind: 'complete', usage, headers };
  }

  /** Breaks off whatever is under way. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function bodyOf(question: Question): string {
  return JSON.stringify({
    model: question.model,
    max_tokens: question.maxTokens,
    ...(question.streamed && {
      stream: true,
      stream_options: { include_usage: true },
    }),
    messages: [
      { role: 'user', content: question.content ?? 'Tell me a story' },
    ],
  });
}

interface Told {
  readonly usage?: { prompt_tokens: number; completion_tokens: number } | null;
  readonly error?: { code?: string; message?: string };
}

/** The usage that came before the end, or why the stream did not come to its end. */
function usageOfStream(text: string): Usage | string {
  let usage: Usage | undefined;
  let closed = false;
  for (const event of text.split('\n\n')) {
    const data = /^data: ?(.*)$/m.exec(event)?.[1];
    if (data === undefined) continue;
    if (data === '[DONE]') {
      closed = true;
      continue;
    }
    const told = parse(data);
    if (!told) return 'an event that is not JSON';
    if (told.error) return `error event ${told.error.code}`;
    usage = readUsage(told) ?? usage;
  }
  if (!closed) return 'the stream has no end';
  return usage ?? 'the stream tells no usage';
}

function usageOfBody(text: string): Usage | string {
  const told = parse(text);
  return (told && readUsage(told)) ?? 'the body tells no usage';
}

function readUsage({ usage }: Told): Usage | undefined {
  return usage
    ? {
        promptTokens: usage.prompt_tokens,
        completionTokens: usage.completion_tokens,
      }
    : undefined;
}

function codeOf(text: string): string {
  return parse(text)?.error?.code ?? text.slice(0, 100);
}

function parse(text: string): Told | undefined {
  try {
    return JSON.parse(text) as Told;
  } catch {
    return undefined;
  }
}

function flat(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  );
}

function reasonOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) {
    return String(error.code);
  }
  return error instanceof Error ? error.message : String(error);
}
