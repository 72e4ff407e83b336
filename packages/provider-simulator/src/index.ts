/**
 * A stand-in for providers that speak OpenAI's, Azure's or Anthropic's dialect: deterministic text, honest token counts, settable pace, faults on demand.
 *
 * @packageDocumentation
 */
export { startProviderSimulator, type ProviderSimulator } from './server';
export type { SimulatorOptions } from './options';
export { DEFAULT_MODELS, type SimulatedModel } from './models';
export type { Pace } from './delivery/steps';
export type {
  ModelStats,
  Outcome,
  RequestRecord,
  SimulatorStats,
} from './stats';
export type { Behaviour } from './behaviour/behaviour';
export type { BehaviourState } from './behaviour/behaviours';
export { FAULT_KINDS, type FaultKind } from './faults/kinds';
