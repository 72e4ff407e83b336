import { isBudgetCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { AdmissionQuestion } from './AdmissionQuestion';
import type { Plan } from './planOf';
import type { ReservedEntry } from './Reservation';

/**
 * A request that does not say how much may be generated is told so only below this, which every model can generate: a higher number might
 * be more than its model takes.
 */
const LEAST_COMMON_MAXIMUM = 4_096;

const MILLION = 1_000_000n;

/**
 * The most that may be generated for each choice, so that no request by itself takes more than is left of a budget or a quota; `null`:
 * as it is. What is left is its own reservation and what nobody has reserved.
 *
 * @param policyCap - what policies say
 */
export function outputCapOf(
  question: AdmissionQuestion,
  plan: Plan,
  reserved: readonly (ReservedEntry | null)[],
  policyCap: number | null,
): number | null {
  const asked = question.maxOutputTokens;
  const affordable = affordableOf(question, plan, reserved);
  const byPolicy =
    policyCap !== null && (asked === null || asked > policyCap)
      ? policyCap
      : null;
  const most = byPolicy ?? asked ?? LEAST_COMMON_MAXIMUM;
  return affordable < most ? affordable : byPolicy;
}

function affordableOf(
  { choices }: AdmissionQuestion,
  { chain, estimate, rates }: Plan,
  reserved: readonly (ReservedEntry | null)[],
): number {
  /** Beyond the first of each choice, which is part of the least that was reserved. */
  let tokens = Infinity;
  chain.counted.forEach(({ counter, enforced }, place) => {
    const entry = reserved[place];
    if (!entry || !enforced || !isBudgetCounter(counter)) return;
    const room = entry.granted + entry.figures.remaining;
    if (counter.measure === 'tokens') {
      tokens = Math.min(tokens, room - estimate.tokens.least);
    }
    if (counter.measure === 'money') {
      const rate =
        rates.reasoning !== null && rates.reasoning > rates.output
          ? rates.reasoning
          : rates.output;
      if (rate <= 0n) return;
      // A nano-dollar less, as costs are rounded.
      const left = BigInt(Math.max(0, room - estimate.money.least - 1));
      tokens = Math.min(tokens, Number((left * MILLION) / rate));
    }
  });
  return 1 + Math.max(0, Math.floor(tokens / choices));
}
