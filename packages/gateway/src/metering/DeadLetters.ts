import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../telemetry/log';

/** A usage event that the ledger refused for what it is. */
export interface DeadLetter {
  readonly reason: string;
  /** JSON text, if it can be read at all; else as it stood in the spool. */
  readonly event: string;
}

/** A record of a spool that is no usage event, or another version's. */
export function unreadable(payload: Buffer, error: unknown): DeadLetter {
  return {
    reason: error instanceof Error ? error.message : String(error),
    // Behind the mark that says what it is.
    event: payload.toString('utf8', 1),
  };
}

const FILE = 'dead-letter.jsonl';
const LOOK_MS = 10_000;

/** Where the dead letters of a spool are: one a line, as JSON. */
export function deadLetterFile(spoolDirectory: string): string {
  return join(spoolDirectory, FILE);
}

/**
 * Usage that the ledger can never take as it is. It is money that nobody is billed for until someone looks at it: kept in a file, told in
 * the log, counted in metrics and in `/readyz`, and booked by the command `book-dead-letters` once it is mended.
 */
export class DeadLetters {
  readonly #file: string;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  #kept = 0;

  /** Looks for those that earlier processes left, too. */
  static async open(options: {
    /** Of the spool. */
    directory: string;
    log: Log;
  }): Promise<DeadLetters> {
    const letters = new DeadLetters(
      deadLetterFile(options.directory),
      options.log,
    );
    await letters.#look();
    return letters;
  }

  private constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
    // They are mended by another process.
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  /** How many wait to be looked at, whichever process put them aside. */
  get kept(): number {
    return this.#kept;
  }

  /** @throws what the file system says when it cannot be kept */
  async add(letter: DeadLetter): Promise<void> {
    await appendFile(this.#file, `${JSON.stringify(letter)}\n`, {
      mode: 0o600,
      flush: true,
    });
    this.#kept += 1;
    this.#log.error(
      { file: this.#file, reason: letter.reason },
      'The ledger refuses a usage event for good; it is kept in a file and must be looked at',
    );
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    this.#kept = text.split('\n').filter(line => line.trim() !== '').length;
  }
}
