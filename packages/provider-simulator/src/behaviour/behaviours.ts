import type { Fault } from '../faults/kinds';
import {
  isScheduled,
  type Behaviour,
  type CheckedBehaviour,
} from './behaviour';

/** A behaviour and what has come of it. */
export interface BehaviourState extends Behaviour {
  /** Requests it has decided on. */
  readonly requests: number;
  /** Of these, made to fail. */
  readonly failed: number;
}

/** What a behaviour means for one request. */
export interface Verdict {
  readonly fault: Fault | undefined;
  readonly firstTokenMs: number | undefined;
}

/** Applies to every model that has no behaviour of its own. */
const ANY_MODEL = '*';
const MAX_BEHAVIOURS = 10_000;

interface Entry {
  readonly checked: CheckedBehaviour;
  readonly since: number;
  requests: number;
  failed: number;
}

/** The behaviours that have been scripted, by model. */
export class Behaviours {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  /** @param now - milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Sets the behaviour of its model, instead of the one it had: its counts and its clock begin anew. One that
   * asks for nothing makes the model well again.
   *
   * @throws RangeError when there are too many
   */
  set(checked: CheckedBehaviour): void {
    const { behaviour, fault } = checked;
    this.#entries.delete(behaviour.model);
    if (!fault && behaviour.firstTokenMs === undefined) return;
    if (this.#entries.size >= MAX_BEHAVIOURS)
      throw new RangeError(`more than ${MAX_BEHAVIOURS} behaviours`);
    this.#entries.set(behaviour.model, {
      checked,
      since: this.#now(),
      requests: 0,
      failed: 0,
    });
  }

  reset(): void {
    this.#entries.clear();
  }

  /** What the next request for this model is to meet; counts it. */
  next(model: string): Verdict | undefined {
    const entry = this.#entries.get(model) ?? this.#entries.get(ANY_MODEL);
    if (!entry) return undefined;
    entry.requests += 1;
    const { behaviour, fault } = entry.checked;
    const fails =
      fault !== undefined &&
      (!isScheduled(behaviour) ||
        isDue(behaviour, entry.requests, this.#now() - entry.since));
    if (fails) entry.failed += 1;
    return {
      fault: fails ? fault : undefined,
      firstTokenMs: behaviour.firstTokenMs,
    };
  }

  list(): readonly BehaviourState[] {
    return Array.from(
      this.#entries.values(),
      ({ checked, requests, failed }) => ({
        ...checked.behaviour,
        requests,
        failed,
      }),
    );
  }
}

/** Whether the request of this number (from 1), so many milliseconds on, is one that fails. */
function isDue(
  { failNext, failEvery, flap }: Behaviour,
  number: number,
  elapsedMs: number,
): boolean {
  if (failNext !== undefined && number <= failNext) return true;
  if (failEvery !== undefined && number % failEvery === 0) return true;
  return (
    flap !== undefined && elapsedMs % (flap.upMs + flap.downMs) >= flap.upMs
  );
}
