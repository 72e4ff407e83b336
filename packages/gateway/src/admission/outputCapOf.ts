import {
  isBudgetCounter,
  type PriceRates,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { AdmissionQuestion } from './AdmissionQuestion';
import type { CountedLimit } from '../rules/RuleChain';
import type { Estimated } from './planOf';
import type { Reservation } from './Reservation';

type Reserved = Extract<Reservation, { kind: 'reserved' }>;

/** What a request may take at most of what is left of budgets and quotas, its own reservation included; `Infinity` where none limits it. */
export interface Room {
  readonly tokens: number;
  /** In nano-dollars. */
  readonly money: number;
}

/**
 * @param figures - by the places of what is counted: what nobody has reserved
 * @param entries - what a request has; none: not known
 */
export function roomOf(
  counted: readonly CountedLimit[],
  figures: Reserved['figures'],
  entries: Reserved['entries'] = [],
): Room {
  let tokens = Infinity;
  let money = Infinity;
  for (let place = 0; place < counted.length; place++) {
    const { counter, enforced } = counted[place];
    if (!enforced || !isBudgetCounter(counter)) continue;
    const left = figures[place]?.remaining;
    if (left === undefined) continue;
    const room = left + (entries[place]?.granted ?? 0);
    if (counter.measure === 'tokens') tokens = Math.min(tokens, room);
    else if (counter.measure === 'money') money = Math.min(money, room);
  }
  return { tokens, money };
}

/**
 * A request that does not say how much may be generated is told so only below this, which every model can generate: a higher number might
 * be more than its model takes.
 */
const LEAST_COMMON_MAXIMUM = 4_096;

const MILLION = 1_000_000n;

/**
 * The most that may be generated for each choice, so that no request by itself takes more than is left of a budget or a quota; `null`:
 * as it is.
 *
 * @param policyCap - what policies say
 */
export function outputCapOf(
  question: AdmissionQuestion,
  estimated: Estimated,
  room: Room,
  policyCap: number | null,
): number | null {
  const { choices, maxOutputTokens: asked } = question;
  const byPolicy =
    policyCap !== null && (asked === null || asked > policyCap)
      ? policyCap
      : null;
  const most = byPolicy ?? asked ?? LEAST_COMMON_MAXIMUM;
  const tokens = affordableOf(estimated, room, most * choices);
  const affordable = 1 + Math.max(0, Math.floor(tokens / choices));
  return affordable < most ? affordable : byPolicy;
}

/**
 * How many tokens can be paid for beyond the first of each choice, which is part of the least that was reserved.
 *
 * @param wanted - more than that many is not told exactly
 */
function affordableOf(
  { estimate, rates }: Estimated,
  room: Room,
  wanted: number,
): number {
  const tokens = room.tokens - estimate.tokens.least;
  if (room.money === Infinity) return tokens;
  // A nano-dollar less, as costs are rounded.
  const money = Math.max(0, room.money - estimate.money.least - 1);
  return Math.min(tokens, tokensFor(money, rates, wanted));
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
