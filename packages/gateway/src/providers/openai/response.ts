import { isUtf8 } from 'node:buffer';
import { refuse } from '../../errors/registry';
import { scanJsonObject, valueOf } from '../../wire/jsonScan';
import type { WholeAnswer } from '../spec';
import { generatedTextBytes } from './chunks';
import type { OpenAiEndpoint } from './request';
import { readPromptUsage, readUsage } from './usage';

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
  return {
    kind: 'completion',
    body,
    usage: isVectors ? readPromptUsage(told) : readUsage(told),
    // Nobody asks where a usage is told.
    get generatedBytes() {
      return generatedIn(body.subarray(answers.start, answers.end), endpoint);
    },
  };
}

/** Bytes of generated text in an answer, or in a piece of one. */
export function generatedIn(json: Buffer, endpoint: OpenAiEndpoint): number {
  // Vectors are not generated.
  return endpoint === 'embeddings' ? 0 : generatedTextBytes(json);
}
