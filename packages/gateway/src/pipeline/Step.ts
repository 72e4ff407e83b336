import type { Refusal } from '../errors/registry';

/** What a stage comes to: the next stage's input, a refusal, or nothing as the client is gone. */
export type Step<T> =
  | { readonly kind: 'next'; readonly value: T }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'gone' };

export function next<T>(value: T): Step<T> {
  return { kind: 'next', value };
}

export function refused(refusal: Refusal): Step<never> {
  return { kind: 'refused', refusal };
}

export const GONE: Step<never> = { kind: 'gone' };
