/** Something that had to hold, and whether it did. */
export interface Check {
  readonly claim: string;
  readonly held: boolean;
  /** What was seen instead, when it did not hold. */
  readonly detail: string | null;
}

export type Figure = number | string;

const SHOWN_PROBLEMS = 5;

/** What a scenario saw: figures to show, and checks that decide. */
export class Findings {
  readonly #checks: Check[] = [];
  readonly #figures = new Map<string, Figure>();

  get checks(): readonly Check[] {
    return this.#checks;
  }

  get figures(): Readonly<Record<string, Figure>> {
    return Object.fromEntries(this.#figures);
  }

  get passed(): boolean {
    return this.#checks.length > 0 && this.#checks.every(({ held }) => held);
  }

  figure(name: string, value: Figure): void {
    this.#figures.set(name, value);
  }

  check(claim: string, held: boolean, detail: string | null = null): void {
    this.#checks.push({ claim, held, detail: held ? null : detail });
  }

  /** A claim that holds when nothing speaks against it. */
  checkNone(claim: string, problems: readonly string[]): void {
    const shown = problems.slice(0, SHOWN_PROBLEMS).join('; ');
    const more = problems.length - SHOWN_PROBLEMS;
    this.check(
      claim,
      problems.length === 0,
      more > 0 ? `${shown}; and ${more} more` : shown,
    );
  }
}
