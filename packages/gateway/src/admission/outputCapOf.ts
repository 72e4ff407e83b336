import {
  isBudgetCounter,
  type PriceRates,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { AdmissionQuestion } from './AdmissionQuestion';
import type { Plan } from './planOf';
import type { Reservation } from './Reservation';

type Reserved = Extract<Reservation, { kind: 'reserved' }>;

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
  reserved: Reserved,
  policyCap: number | null,
): number | null {
  const { choices, maxOutputTokens: asked } = question;
  const byPolicy =
    policyCap !== null && (asked === null || asked > policyCap)
      ? policyCap
      : null;
  const most = byPolicy ?? asked ?? LEAST_COMMON_MAXIMUM;
  const tokens = affordableOf(plan, reserved, most * choices);
  const affordable = 1 + Math.max(0, Math.floor(tokens / choices));
  return affordable < most ? affordable : byPolicy;
}

/**
 * How many tokens can be paid for beyond the first of each choice, which is part of the least that was reserved.
 *
 * @param wanted - more than that many is not told exactly
 */
function affordableOf(
  { chain, estimate, rates }: Plan,
  { entries, figures }: Reserved,
  wanted: number,
): number {
  let tokens = Infinity;
  for (let place = 0; place < chain.counted.length; place++) {
    const { counter, enforced } = chain.counted[place];
    if (!enforced || !isBudgetCounter(counter)) continue;
    const entry = entries[place];
    const left = figures[place]?.remaining;
    if (!entry || left === undefined) continue;
    const room = entry.granted + left;
    if (counter.measure === 'tokens') {
      tokens = Math.min(tokens, room - estimate.tokens.least);
    } else if (counter.measure === 'money') {
      // A nano-dollar less, as costs are rounded.
      const money = Math.max(0, room - estimate.money.least - 1);
      tokens = Math.min(tokens, tokensFor(money, rates, wanted));
    }
  }
  return tokens;
}

/** How many tokens can be generated for so much money. */
function tokensFor(
  money: number,
  { output, reasoning }: PriceRates,
  wanted: number,
): number {
  const rate = reasoning !== null && reasoning > output ? reasoning : output;
  if (rate <= 0n) return Infinity;
  // Mostly there is far more than enough, which needs no exact numbers.
  if ((money * 1e6) / Number(rate) > 2 * wanted) return Infinity;
  return Number((BigInt(money) * MILLION) / rate);
}
