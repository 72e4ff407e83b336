import type { Clock } from '../clock';

/** A clock that stands still unless it is moved. */
export class FakeClock implements Clock {
  #wall: number;
  #monotonic = 0;

  constructor(wall: number) {
    this.#wall = wall;
  }

  wallMs = () => this.#wall;

  monotonicMs = () => this.#monotonic;

  /** Time passes. */
  pass(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }

  /** The wall clock is set, while no time passes. */
  jump(ms: number): void {
    this.#wall += ms;
  }
}
