import { isUtf8 } from 'node:buffer';
import { refuse } from '../../errors/registry';
import { scanJsonObject, valueOf, type JsonMember } from '../../wire/jsonScan';
import type { Completion, ReportedUsage, WholeAnswer } from '../spec';
import { generatedTextBytes } from './chunks';
import type { OpenAiEndpoint } from './request';
import { readPromptUsage, readUsage } from './usage';

/** An answer that is passed on as it came. */
class AnswerThatCame implements Completion {
  readonly kind = 'completion';
  readonly body: Buffer;
  readonly usage: ReportedUsage;
  readonly #answers: JsonMember;
  readonly #endpoint: OpenAiEndpoint;

  constructor(
    body: Buffer,
    usage: ReportedUsage,
    answers: JsonMember,
    endpoint: OpenAiEndpoint,
  ) {
    this.body = body;
    this.usage = usage;
    this.#answers = answers;
    this.#endpoint = endpoint;
  }

  /** Nobody asks where a usage is told. */
  get generatedBytes(): number {
    const { start, end } = this.#answers;
    return generatedIn(this.body.subarray(start, end), this.#endpoint);
  }
}

/** Reads an answer that came whole; only its usage is parsed. */
export function readWhole(
  body: Buffer,
  endpoint: OpenAiEndpoint = 'chat.completions',
): WholeAnswer {
  if (!isUtf8(body)) return { kind: 'invalid' };
  const scan = scanJsonObject(body);
  if (!scan.ok) return { kind: 'invalid' };
  const { members } = scan.object;
  const error = members.get('error');
  if (error && error.kind !== 'null') {
    return { kind: 'error', refusal: refuse('upstream_error', {}) };
  }
  const isVectors = endpoint === 'embeddings';
  const answers = members.get(isVectors ? 'data' : 'choices');
  if (answers?.kind !== 'array') return { kind: 'invalid' };
  const usage = members.get('usage');
  const told = usage && valueOf(body, usage);
  return new AnswerThatCame(
    body,
    isVectors ? readPromptUsage(told) : readUsage(told),
    answers,
    endpoint,
  );
}

/** Bytes of generated text in an answer, or in a piece of one. */
export function generatedIn(json: Buffer, endpoint: OpenAiEndpoint): number {
  // Vectors are not generated.
  return endpoint === 'embeddings' ? 0 : generatedTextBytes(json);
}
