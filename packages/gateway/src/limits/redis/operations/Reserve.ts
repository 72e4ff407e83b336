import { isBudgetCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import {
  checkReserveRequest,
  figuresOf,
  leastOf,
  violationOf,
} from '../../figures';
import type {
  EntryFigures,
  HoldEntry,
  ReserveRequest,
  ReserveResult,
  SeedNeed,
  Violation,
} from '../../Limiter';
import type { Batch } from '../Batch';
import { OPERATION, OUTCOME } from '../codes';
import type { Operation } from '../Operation';
import { ReplyFormatError, type Reply } from '../Reply';
import { otherEntries } from './otherEntries';
import { readStanding } from './readStanding';

export class Reserve implements Operation<ReserveResult> {
  readonly #request: ReserveRequest;

  /** @throws TypeError for what only a bug can ask */
  constructor(request: ReserveRequest) {
    checkReserveRequest(request);
    this.#request = request;
  }

  write(batch: Batch): void {
    const { holdId, ttlMs, entries } = this.#request;
    batch.number(OPERATION.reserve);
    batch.hold(holdId);
    batch.number(ttlMs);
    batch.number(entries.length);
    for (const entry of entries) {
      batch.counter(entry.counter);
      batch.number(entry.limit);
      batch.number(entry.amount);
      batch.number(leastOf(entry));
    }
  }

  read(reply: Reply): ReserveResult | Error {
    const outcome = reply.number();
    switch (outcome) {
      case OUTCOME.admitted:
      case OUTCOME.repeated:
        return this.#readAdmission(reply, outcome === OUTCOME.repeated);
      case OUTCOME.refused:
        return this.#readRefusal(reply);
      case OUTCOME.needsSeed:
        return { outcome: 'needs-seed', needsSeed: this.#readNeeds(reply) };
      case OUTCOME.closed:
        return { outcome: 'closed' };
      case OUTCOME.otherEntries:
        return otherEntries(this.#request.holdId);
      default:
        throw new ReplyFormatError(`Unknown outcome: ${outcome}`);
    }
  }

  #readAdmission(reply: Reply, repeated: boolean): ReserveResult {
    const { holdId, entries: asked } = this.#request;
    const admittedAt = reply.number();
    const expiresAt = reply.number();
    const entries: HoldEntry[] = [];
    const figures: EntryFigures[] = [];
    for (const entry of asked) {
      const granted = reply.number();
      const grantedIn = repeated ? reply.nullable() : undefined;
      const standing = readStanding(reply);
      const { counter } = entry;
      const windowStart =
        grantedIn === undefined ? standing.windowStart : grantedIn;
      entries.push({ counter, granted, windowStart });
      figures.push(figuresOf(entry, standing));
    }
    return {
      outcome: 'admitted',
      hold: { id: holdId, store: 'shared', admittedAt, expiresAt, entries },
      repeated,
      figures,
    };
  }

  #readRefusal(reply: Reply): ReserveResult {
    const violations: Violation[] = [];
    for (let left = reply.number(); left > 0; left -= 1) {
      const entry = this.#entryAt(reply.number());
      const standing = readStanding(reply);
      const clearsInMs = reply.nullable();
      const retryAfterMs = reply.nullable();
      violations.push(
        violationOf(entry, standing, { clearsInMs, retryAfterMs }),
      );
    }
    const [first, ...others] = violations;
    if (!first) throw new ReplyFormatError('A refusal without a reason');
    return { outcome: 'refused', violations: [first, ...others] };
  }

  #readNeeds(reply: Reply): readonly SeedNeed[] {
    const needs: SeedNeed[] = [];
    for (let left = reply.number(); left > 0; left -= 1) {
      const { counter } = this.#entryAt(reply.number());
      const windowStart = reply.number();
      if (isBudgetCounter(counter)) needs.push({ counter, windowStart });
    }
    return needs;
  }

  #entryAt(place: number) {
    const entry = this.#request.entries.at(place - 1);
    if (!entry) throw new ReplyFormatError(`There is no entry ${place}`);
    return entry;
  }
}
