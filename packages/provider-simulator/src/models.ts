import type { Pace } from './delivery/steps';

/** A model the simulator lists, with its personality. */
export interface SimulatedModel extends Pace {
  readonly id: string;
  /** Hidden reasoning tokens before each answer, as a range; the prompt decides where in it. */
  readonly reasoningTokens?: readonly [least: number, most: number];
}

/** The models a fresh simulator lists. */
export const DEFAULT_MODELS: readonly SimulatedModel[] = [
  { id: 'sim-small', firstTokenMs: 40, tokensPerSecond: 180 },
  { id: 'sim-large', firstTokenMs: 220, tokensPerSecond: 60 },
  {
    id: 'sim-reasoning',
    firstTokenMs: 600,
    tokensPerSecond: 90,
    reasoningTokens: [64, 320],
  },
  { id: 'sim-instant', firstTokenMs: 0, tokensPerSecond: Infinity },
];

/** How a model that is not listed answers, where unlisted models are answered at all. */
export function unlistedModel(id: string): SimulatedModel {
  return { id, firstTokenMs: 0, tokensPerSecond: Infinity };
}
