import type { LimitSubject } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { CompiledRule, Rule } from './Rule';
import type { RuleRow } from './RuleRow';

const NONE: readonly Rule[] = Object.freeze([]);

/**
 * Every limit, budget and policy that holds, found by its subject: one look into a map, whether there are ten of them or one for each of
 * a hundred thousand keys. A change costs what has changed.
 */
export class RuleTable {
  readonly #byId = new Map<string, CompiledRule>();
  readonly #bySubject = new Map<string, readonly Rule[]>();
  #version = 0;

  /** How many there are. */
  get size(): number {
    return this.#byId.size;
  }

  /** Another number after every change, so that whoever keeps what came of the rules knows when to work it out anew. */
  get version(): number {
    return this.#version;
  }

  /** Takes over rules that are new, have changed or were removed. */
  apply(changed: readonly CompiledRule[]): void {
    if (changed.length === 0) return;
    this.#version += 1;
    for (const compiled of changed) {
      const id = idOf(compiled.row);
      this.#forget(id);
      const { rule } = compiled;
      if (!rule) continue;
      this.#byId.set(id, compiled);
      const subject = subjectName(subjectOf(rule));
      this.#bySubject.set(subject, [
        ...(this.#bySubject.get(subject) ?? NONE),
        rule,
      ]);
    }
  }

  /** Takes over all rules there are; whatever else was known is gone. */
  replace(all: readonly CompiledRule[]): void {
    this.#version += 1;
    this.#byId.clear();
    this.#bySubject.clear();
    this.apply(all);
  }

  /** What holds for a subject. */
  of(subject: LimitSubject): readonly Rule[] {
    return this.#bySubject.get(subjectName(subject)) ?? NONE;
  }

  /** All that hold. */
  *rules(): IterableIterator<Rule> {
    for (const { rule } of this.#byId.values()) if (rule) yield rule;
  }

  /** All that hold now, to be kept. */
  rows(): Iterable<RuleRow> {
    return Array.from(this.#byId.values(), ({ row }) => row);
  }

  #forget(id: string): void {
    const rule = this.#byId.get(id)?.rule;
    if (!rule) return;
    this.#byId.delete(id);
    const subject = subjectName(subjectOf(rule));
    const others = this.of(subjectOf(rule)).filter(other => other !== rule);
    if (others.length > 0) this.#bySubject.set(subject, others);
    else this.#bySubject.delete(subject);
  }
}

function idOf({ table, id }: RuleRow): string {
  return `${table}:${id}`;
}

function subjectOf(rule: Rule): LimitSubject {
  switch (rule.kind) {
    case 'limit':
      return rule.limit.subject;
    case 'budget':
      return rule.budget.subject;
    case 'policy':
      return rule.policy.subject;
    default: {
      const impossible: never = rule;
      throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
    }
  }
}

function subjectName({ kind, id }: LimitSubject): string {
  return `${kind}:${id}`;
}
