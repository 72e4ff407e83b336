import type { AnswerPart } from './content';
import type { CanonicalError } from './error';
import type { CanonicalResponse, Choice, Finish, Logprobs } from './response';
import type { ChoicePart, StreamPart } from './streamPart';
import type { CanonicalUsage } from './usage';

/** A stream as a whole answer; calls stand where they began. */
export type AssembledResponse =
  | { readonly kind: 'response'; readonly response: CanonicalResponse }
  | { readonly kind: 'error'; readonly error: CanonicalError };

type Growing =
  | { type: 'text' | 'refusal'; text: string }
  | { type: 'thinking'; text: string; signature?: string }
  | { type: 'redactedThinking'; data: string }
  | { type: 'toolCall'; id: string; name: string; arguments: string };

class ChoiceInProgress {
  readonly #index: number;
  readonly #parts: Growing[] = [];
  readonly #calls = new Map<number, { arguments: string }>();
  #open: Growing | undefined;
  #finish: Finish = { reason: 'unknown' };
  #logprobs: { content: unknown[] | null; refusal: unknown[] | null } | null =
    null;

  constructor(index: number) {
    this.#index = index;
  }

  add(part: ChoicePart): void {
    switch (part.type) {
      case 'textDelta':
        this.#say('text', part.text);
        break;
      case 'refusalDelta':
        this.#say('refusal', part.text);
        break;
      case 'thinkingDelta':
        this.#say('thinking', part.text);
        break;
      case 'thinkingSignature':
        if (this.#open?.type !== 'thinking') this.#say('thinking', '');
        if (this.#open?.type === 'thinking') {
          this.#open.signature = part.signature;
        }
        this.#open = undefined;
        break;
      case 'redactedThinking':
        this.#parts.push({ type: 'redactedThinking', data: part.data });
        this.#open = undefined;
        break;
      case 'toolCallStart': {
        const { id, name } = part;
        const call = { type: 'toolCall' as const, id, name, arguments: '' };
        this.#calls.set(part.call, call);
        this.#parts.push(call);
        this.#open = call;
        break;
      }
      case 'toolCallDelta': {
        const call = this.#calls.get(part.call);
        if (call) call.arguments += part.arguments;
        break;
      }
      case 'partEnd':
        this.#open = undefined;
        break;
      case 'logprobs':
        this.#addLogprobs(part.logprobs);
        break;
      case 'finish':
        this.#finish = part.finish;
        break;
      default: {
        const impossible: never = part;
        throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
      }
    }
  }

  toChoice(): Choice {
    const parts: readonly AnswerPart[] = this.#parts;
    return {
      index: this.#index,
      parts,
      finish: this.#finish,
      ...(this.#logprobs && { logprobs: this.#logprobs }),
    };
  }

  #say(type: 'text' | 'refusal' | 'thinking', text: string): void {
    if (this.#open?.type === type) {
      this.#open.text += text;
      return;
    }
    const part: Growing = { type, text };
    this.#open = part;
    this.#parts.push(part);
  }

  #addLogprobs(more: Logprobs): void {
    const join = (
      a: readonly unknown[] | null | undefined,
      b: readonly unknown[] | null,
    ) => (a || b ? [...(a ?? []), ...(b ?? [])] : null);
    this.#logprobs = {
      content: join(this.#logprobs?.content, more.content),
      refusal: join(this.#logprobs?.refusal, more.refusal),
    };
  }
}

/** Puts the steps of a stream together: for clients that want an answer whole from a provider that streams it, and for logs. */
export function assembleResponse(
  parts: Iterable<StreamPart>,
): AssembledResponse {
  let id: string | undefined;
  let model: string | undefined;
  let usage: CanonicalUsage | undefined;
  const choices = new Map<number, ChoiceInProgress>();
  for (const part of parts) {
    switch (part.type) {
      case 'start':
        ({ id, model } = part);
        break;
      case 'usage':
        usage = part.usage;
        break;
      case 'error':
        return { kind: 'error', error: part.error };
      case 'ping':
      case 'end':
        break;
      default: {
        let choice = choices.get(part.choice);
        if (!choice) {
          choice = new ChoiceInProgress(part.choice);
          choices.set(part.choice, choice);
        }
        choice.add(part);
      }
    }
  }
  const inOrder = [...choices.values()].map(choice => choice.toChoice());
  inOrder.sort((a, b) => a.index - b.index);
  return {
    kind: 'response',
    response: { id, model, choices: inOrder, usage },
  };
}
