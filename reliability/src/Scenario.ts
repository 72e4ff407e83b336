import type { Findings } from './Findings';

/** `short` is for every change, in minutes for all of them; `long` is what the figures in the documentation come from. */
export type Form = 'short' | 'long';

/** What a scenario is given to run with. */
export interface Surroundings {
  readonly form: Form;
  /** Makes a run repeatable, as far as time allows. */
  readonly seed: number;
  /** Aborted when the run is told to end. */
  readonly signal: AbortSignal;
  /** Where logs of what it starts are kept. */
  readonly logDirectory: string;
  readonly say: (line: string) => void;
}

/** A claim about the gateway, as something that can be run. */
export interface Scenario {
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly title: string;
  /** Why it cannot be run on this machine; `null` when it can. */
  readonly impossible?: () => string | null;
  run(surroundings: Surroundings): Promise<Findings>;
}
