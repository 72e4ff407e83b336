/** After so many have come and gone. */
const RENEWED_AFTER = 1_024;

/**
 * The intents whose events have not come yet.
 *
 * In a map that is copied now and then: one that is written to for ever keeps everything that was ever in it, for a long while, for the reason
 * that `Bag` tells.
 */
export class OpenIntents {
  #payloads = new Map<string, string>();
  #closed = 0;

  open(id: string, payload: string): void {
    this.#payloads.set(id, payload);
  }

  /** Does nothing for one that is not open. */
  close(id: string): void {
    if (!this.#payloads.delete(id)) return;
    this.#closed += 1;
    // So that a copy never costs more than some steps for each that has gone.
    if (this.#closed >= Math.max(RENEWED_AFTER, this.#payloads.size)) {
      this.#payloads = new Map(this.#payloads);
      this.#closed = 0;
    }
  }

  /** What was written of them, in the order in which they were opened. */
  payloads(): Iterable<string> {
    return this.#payloads.values();
  }
}
