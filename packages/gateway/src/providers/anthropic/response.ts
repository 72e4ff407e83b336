import { isUtf8 } from 'node:buffer';
import { readAnthropicUsage } from '../../dialects';
import { refuse } from '../../errors/registry';
import { scanJsonObject, valueOf } from '../../wire/jsonScan';
import type { WholeAnswer } from '../spec';
import { textScanner } from './stream';

/** Reads a message that came whole; only its usage is parsed. */
export function readWhole(body: Buffer): WholeAnswer {
  const members = membersOf(body);
  if (!members) return { kind: 'invalid' };
  const error = members.get('error');
  if (error && error.kind !== 'null') {
    return { kind: 'error', refusal: refuse('upstream_error', {}) };
  }
  const content = members.get('content');
  if (content?.kind !== 'array') return { kind: 'invalid' };
  const usage = members.get('usage');
  const tokens = usage && readAnthropicUsage(valueOf(body, usage));
  return {
    kind: 'completion',
    body,
    usage: tokens ? { kind: 'reported', tokens } : { kind: 'absent' },
    // Nobody asks where a usage is told.
    get generatedBytes() {
      return generatedIn(body.subarray(content.start, content.end));
    },
  };
}

/** Bytes of generated text in a message, or in a piece of one. */
export function generatedIn(json: Buffer): number {
  textScanner.scan(json);
  return textScanner.textBytes;
}

/** Reads a count of tokens, which uses none. */
export function readCount(body: Buffer): WholeAnswer {
  return membersOf(body)?.get('input_tokens')?.kind === 'number'
    ? {
        kind: 'completion',
        body,
        usage: { kind: 'absent' },
        generatedBytes: 0,
      }
    : { kind: 'invalid' };
}

function membersOf(body: Buffer) {
  if (!isUtf8(body)) return undefined;
  const scan = scanJsonObject(body);
  return scan.ok ? scan.object.members : undefined;
}
