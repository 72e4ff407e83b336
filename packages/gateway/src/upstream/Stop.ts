/** Tells one who waits for an upstream that there is no more sense in waiting. */
export class Stop {
  /** Called once, when it is over. Whoever waits is alone, and sets it anew. */
  onOver: (() => void) | undefined;
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  now(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.onOver?.();
  }
}
