import type { ServerResponse } from 'node:http';

/**
 * Counts the bytes of bodies that are in memory, of all requests together, and says when there is no room for more. However many clients
 * and upstreams there are, and however slow, this is about what their bodies take at the most.
 *
 * What is counted for a request counts until its connection is done with it.
 */
export class BufferedBytes {
  readonly #max: number;
  readonly #held = new Map<ServerResponse, number>();
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
  take(request: ServerResponse, bytes: number): boolean {
    if (!this.hasRoomFor(bytes)) return false;
    this.add(request, bytes);
    return true;
  }

  /** Counts bytes of a request that are there already, room or not: what comes later has to wait for them. */
  add(request: ServerResponse, bytes: number): void {
    if (request.closed) return;
    const held = this.#held.get(request);
    if (held === undefined) {
      request.once('close', () => {
        this.#total -= this.#held.get(request) ?? 0;
        this.#held.delete(request);
      });
    }
    this.#held.set(request, (held ?? 0) + bytes);
    this.#total += bytes;
  }
}
