import type { Subject } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  resolveLimits,
  type LimitAmount,
  type LimitMeasure,
  type LimitProblem,
  type LimitWindow,
  type ResolvedLimit,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { subjectName } from '../database/subjects/SubjectStore';

/** A limit, or a budget as a limit on money. */
export interface Definition {
  readonly subject: Subject;
  readonly measure: LimitMeasure;
  readonly window: LimitWindow;
  readonly amount: LimitAmount;
}

/** What a limit comes to among those above it. */
export interface Standing {
  /** `null` when it comes to nothing. */
  readonly effective: number | null;
  /** The nearest limit above it of the same measure and window. */
  readonly parent: ResolvedLimit | undefined;
  readonly problem: LimitProblem | undefined;
}

/** Some limits and, for each, those of the subjects above it. */
export class Family {
  readonly #definitions: ReadonlyMap<string, Definition>;
  readonly #chains: ReadonlyMap<string, readonly Subject[]>;

  /** @param chains - of each subject that is asked about, itself and those above it, the nearest first; by `subjectName` */
  static of(
    definitions: readonly Definition[],
    chains: ReadonlyMap<string, readonly Subject[]>,
  ): Family {
    return new Family(
      new Map(definitions.map(one => [nameOf(one.subject, one), one])),
      chains,
    );
  }

  private constructor(
    definitions: ReadonlyMap<string, Definition>,
    chains: ReadonlyMap<string, readonly Subject[]>,
  ) {
    this.#definitions = definitions;
    this.#chains = chains;
  }

  /** @param definition - one of the family */
  standing(definition: Definition): Standing {
    const own = subjectName(definition.subject);
    const chain = this.#chains.get(own) ?? [definition.subject];
    const { limits, problems } = resolveLimits(
      chain,
      chain.flatMap(
        subject => this.#definitions.get(nameOf(subject, definition)) ?? [],
      ),
    );
    const isOwn = (subject: Pick<Subject, 'kind' | 'id'>) =>
      subjectName(subject) === own;
    return {
      effective:
        limits.find(({ counter }) => isOwn(counter.subject))?.limit ?? null,
      parent: limits.find(({ counter }) => !isOwn(counter.subject)),
      problem: problems.find(problem => isOwn(problem.definition.subject)),
    };
  }
}

function nameOf(
  subject: Subject,
  { measure, window }: Pick<Definition, 'measure' | 'window'>,
): string {
  return `${measure}:${window}:${subjectName(subject)}`;
}
