/** A request, as far as what is in memory of it is counted. */
export interface Holder {
  /** Bytes of its bodies. */
  heldBytes: number;
  readonly res: { readonly destroyed: boolean };
}

/**
 * Counts the bytes of bodies that are in memory, of all requests together, and says when there is no room for more. However many clients
 * and upstreams there are, and however slow, this is about what their bodies take at the most.
 *
 * What is counted for a request counts until its connection is done with it.
 */
export class BufferedBytes {
  readonly #max: number;
  #total = 0;

  static create(options: { readonly max: number }): BufferedBytes {
    return new BufferedBytes(options.max);
  }

  private constructor(max: number) {
    this.#max = max;
  }

  get total(): number {
    return this.#total;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#total + bytes <= this.#max;
  }

  /** Counts bytes of a request if there is room for them; says whether there was. */
  take(request: Holder, bytes: number): boolean {
    if (!this.hasRoomFor(bytes)) return false;
    this.add(request, bytes);
    return true;
  }

  /** Counts bytes of a request that are there already, room or not: what comes later has to wait for them. */
  add(request: Holder, bytes: number): void {
    // What comes for one whose connection is gone is let go at once.
    if (request.res.destroyed) return;
    request.heldBytes += bytes;
    this.#total += bytes;
  }

  /** A request's connection is done with it. */
  letGo(request: Holder): void {
    this.#total -= request.heldBytes;
    request.heldBytes = 0;
  }
}
