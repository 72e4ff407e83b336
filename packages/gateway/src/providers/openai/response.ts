import { isUtf8 } from 'node:buffer';
import { refuse } from '../../errors/registry';
import { scanJsonObject, valueOf } from '../../wire/jsonScan';
import type { WholeAnswer } from '../spec';
import { generatedTextBytes } from './generatedText';
import { readUsage } from './usage';

/** Reads a completion that came whole; only its usage is parsed. */
export function readWhole(body: Buffer): WholeAnswer {
  if (!isUtf8(body)) return { kind: 'invalid' };
  const scan = scanJsonObject(body);
  if (!scan.ok) return { kind: 'invalid' };
  const { members } = scan.object;
  const error = members.get('error');
  if (error && error.kind !== 'null') {
    return { kind: 'error', refusal: refuse('upstream_error', {}) };
  }
  const choices = members.get('choices');
  if (choices?.kind !== 'array') return { kind: 'invalid' };
  const usage = members.get('usage');
  return {
    kind: 'completion',
    usage: usage ? readUsage(valueOf(body, usage)) : { kind: 'absent' },
    generatedBytes: generatedTextBytes(
      body.subarray(choices.start, choices.end),
    ),
  };
}
