import type { LedgerStore } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { appendFile, readFile, rename, unlink } from 'node:fs/promises';
import { z } from 'zod';
import { deadLetterFile, type DeadLetter } from './DeadLetters';
import { decodeEventText } from './eventCodec';

/** What became of the dead letters of a spool. */
export interface BookedDeadLetters {
  /** In the ledger now, and not before. */
  readonly booked: number;
  /** In the ledger already. */
  readonly known: number;
  /** Refused again, for these reasons; they are kept. */
  readonly refused: readonly string[];
}

const letterSchema = z.object({ reason: z.string(), event: z.string() });

/**
 * Brings the dead letters of a spool to the ledger, one by one, after someone has mended them or the ledger. Each is booked once, however
 * often this is done; those that are refused again are kept. The gateway may run meanwhile.
 */
export async function bookDeadLetters(options: {
  /** Of the spool. */
  readonly directory: string;
  readonly ledger: LedgerStore;
}): Promise<BookedDeadLetters> {
  const file = deadLetterFile(options.directory);
  // Out of the way of a gateway that puts others aside; what an earlier run that was broken off left there comes first.
  const working = `${file}.booking`;
  const left = await readLines(working);
  if (left.length === 0) await moveIfThere(file, working);
  const lines = left.length > 0 ? left : await readLines(working);

  let booked = 0;
  let known = 0;
  const kept: DeadLetter[] = [];
  for (const line of lines) {
    const letter = readLetter(line);
    try {
      const isNew = await options.ledger.book([decodeEventText(letter.event)]);
      booked += isNew;
      known += 1 - isNew;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      kept.push({ ...letter, reason });
    }
  }
  if (kept.length > 0) {
    await appendFile(
      file,
      kept.map(letter => `${JSON.stringify(letter)}\n`).join(''),
      { mode: 0o600, flush: true },
    );
  }
  if (lines.length > 0) await unlink(working);
  return { booked, known, refused: kept.map(({ reason }) => reason) };
}

/** A line that is none is kept as it is. */
function readLetter(line: string): DeadLetter {
  try {
    return letterSchema.parse(JSON.parse(line));
  } catch {
    return { reason: 'not a dead letter', event: line };
  }
}

async function readLines(path: string): Promise<string[]> {
  try {
    const text = await readFile(path, 'utf8');
    return text.split('\n').filter(line => line.trim() !== '');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ENOENT'
  );
}
