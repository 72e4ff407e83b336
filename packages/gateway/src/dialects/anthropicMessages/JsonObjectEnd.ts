/**
 * Watches for the end of a JSON object that comes in pieces, cut anywhere: whether every brace that was opened has been closed. It does not
 * say whether what stood between is valid.
 */
export class JsonObjectEnd {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #reached = false;

  /** Whether the object has come to its end. */
  get reached(): boolean {
    return this.#reached;
  }

  push(piece: string): void {
    for (const char of piece) {
      if (this.#reached) return;
      if (this.#inString) this.#inText(char);
      else this.#outsideText(char);
    }
  }

  #inText(char: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (char === '\\') this.#escaped = true;
    else if (char === '"') this.#inString = false;
  }

  #outsideText(char: string): void {
    if (char === '"') {
      this.#inString = true;
    } else if (char === '{' || char === '[') {
      this.#depth += 1;
    } else if (char === '}' || char === ']') {
      this.#depth -= 1;
      this.#reached = this.#depth <= 0;
    }
  }
}
