import { ConflictError } from '@backstage/errors';
import type { Subject } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { subjectName } from '../database/subjects/SubjectStore';
import { FieldConflictError, ValidationError } from '../errors';
import { Family, type Definition, type Standing } from './Family';

/** How many of the levels below an explanation names. */
const NAMED = 3;

/** A limit or a budget that comes into being, changes or ceases, among all of its measure and window above and below it. */
export interface AmountChange {
  readonly before: Definition | undefined;
  readonly after: Definition | undefined;
  readonly above: readonly Definition[];
  readonly below: readonly Definition[];
  /** Of every subject among these. */
  readonly chains: ReadonlyMap<string, readonly Subject[]>;
  /** Whether it may be set below its children. */
  readonly belowChildren: boolean;
}

/**
 * Refuses a change that contradicts the levels above or below.
 *
 * - It must itself hold: not above its parent, no fraction of nothing.
 * - None below may come to be above it, unless the caller says so; whoever was already is no reason to refuse, unless it is now further.
 * - One of which others are a fraction cannot be removed: these would at once be a fraction of something else, or of nothing.
 *
 * @throws ValidationError when it does not hold itself
 * @throws ConflictError when those below do not
 */
export function refuseContradiction(change: AmountChange): void {
  const { before, after, above, below, chains } = change;
  const all = [...above, ...below];
  const was = Family.of(before ? [...all, before] : all, chains);
  const is = Family.of(after ? [...all, after] : all, chains);
  const own = after && is.standing(after);
  if (own?.problem) throw ValidationError.of('amount', own.problem.message);

  const children = below.map(child => ({
    child,
    was: was.standing(child),
    is: is.standing(child),
  }));
  if (before && !after) {
    const dependent = children.filter(({ child, was: { parent } }) => {
      return (
        child.amount.kind === 'fraction' &&
        parent !== undefined &&
        subjectName(parent.counter.subject) === subjectName(before.subject)
      );
    });
    if (dependent.length > 0) {
      throw new ConflictError(
        `There is a fraction of it: that of ${namesOf(dependent)}. Change or remove what depends on it first.`,
      );
    }
  }
  const raised = children.filter(isNewlyAbove);
  if (raised.length > 0 && !change.belowChildren) {
    throw new FieldConflictError(
      'amount',
      `Levels below are set higher: ${namesOf(raised)}. ${raised[0].is.problem?.message} Lower what is below, or send belowChildren: true, so that both hold.`,
    );
  }
}

function isNewlyAbove({ was, is }: { was: Standing; is: Standing }): boolean {
  if (is.problem?.reason !== 'above-parent') return false;
  return (
    was.problem?.reason !== 'above-parent' ||
    (is.parent?.limit ?? 0) < (was.parent?.limit ?? 0)
  );
}

function namesOf(children: ReadonlyArray<{ child: Definition }>): string {
  const named = children
    .slice(0, NAMED)
    .map(({ child: { subject } }) => `${subject.kind} '${subject.id}'`);
  const rest = children.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
