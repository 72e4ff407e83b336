import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Refusal } from '../errors/registry';
import type {
  AttemptPlan,
  FailedAttempt,
  NextAttempt,
} from '../upstream/attempts/AttemptPlan';
import { mostUseful } from '../upstream/attempts/mostUseful';
import { verdictOn } from '../upstream/attempts/verdictOn';
import type { Admitted } from './admit';
import { fallbackModels } from './fallbackModels';
import type { Gateway } from './Gateway';
import { keepWaiting } from './keepWaiting';
import { makeAttempt, refuseUntried } from './makeAttempt';
import { resultOf, toldOf } from './resultOf';
import type { Failed, Tried } from './Tried';

/** A request that costs money from here on, in its last attempt: one that has something of an answer, or after which there is none. */
export type Committed =
  Exclude<Tried, Failed> | (Failed & { readonly told: Refusal });

const OVER = { kind: 'over' } as const;

/**
 * Makes attempts, each with its intent and its own event, until one has something of an answer or no other is worth making: at the
 * deployments of the model, then at those of the models that it falls back to. Those that failed are booked here.
 */
export function commit(
  admitted: Admitted,
  gateway: Gateway,
): Promise<Committed> {
  return admitted.request.stream
    ? keptWaiting(admitted, gateway)
    : makeAttempts(admitted, gateway);
}

async function keptWaiting(
  admitted: Admitted,
  gateway: Gateway,
): Promise<Committed> {
  const { keepAliveMs } = gateway.settings.client;
  const waiting = keepWaiting(admitted.exchange, keepAliveMs);
  try {
    return await makeAttempts(admitted, gateway);
  } finally {
    waiting.stop();
  }
}

async function makeAttempts(
  admitted: Admitted,
  gateway: Gateway,
): Promise<Committed> {
  const { exchange, model, request } = admitted;
  const fallbacks = () => fallbackModels(admitted, gateway);
  const plan = gateway.router.plan(model, fallbacks, {
    startedAt: exchange.startedAt,
    streamed: request.stream,
  });
  const earlier: UsageEvent[] = [];
  const refusals: Refusal[] = [];
  // The first is nearly always of the model itself, and the last.
  let next = plan.next(null);
  if (isElsewhere(next, admitted)) next = await allowed(next, plan, admitted);
  if (next.kind === 'over') {
    const models = [model, ...fallbacks()];
    const refused = refuseUntried(admitted, models, gateway);
    return { ...refused, told: refused.refusal };
  }
  for (;;) {
    const tried = await makeAttempt(admitted, next, earlier, gateway);
    if (tried.kind !== 'failed') return tried;

    refusals.push(tried.refusal);
    const lesson = lessonOf(tried);
    next = mayGoOn(tried, gateway) ? plan.next(lesson) : OVER;
    if (isElsewhere(next, admitted)) {
      next = await allowed(next, plan, admitted, lesson);
    }
    if (next.kind === 'try') {
      exchange.waits.begin('upstream');
      await waitFor(exchange.res, next.delayMs);
      exchange.waits.end('upstream');
    }
    if (next.kind === 'over' || !mayGoOn(tried, gateway)) {
      return { ...tried, told: mostUseful(refusals) };
    }
    earlier.push(await book(tried, gateway));
  }
}

/** Whether an attempt would be made at another model than the one that was admitted. */
function isElsewhere(next: NextAttempt, { model }: Admitted): boolean {
  return next.kind === 'try' && next.model !== model;
}

/** The first attempt from this one on that may be made: other models have limits and budgets of their own. */
async function allowed(
  first: NextAttempt,
  plan: AttemptPlan,
  admitted: Admitted,
  failed: FailedAttempt | null = null,
): Promise<NextAttempt> {
  let next = first;
  while (next.kind === 'try' && next.model !== admitted.model) {
    if (await admitted.admission.mayFallBackTo(next.model)) return next;
    plan.leaveOut(next.model);
    next = plan.next(failed);
  }
  return next;
}

/** Whether another attempt makes sense, whatever it would be. */
function mayGoOn({ attempted }: Failed, gateway: Gateway): boolean {
  return !attempted.watch.clientIsGone() && gateway.meter.problem === null;
}

function lessonOf({ refusal }: Failed): FailedAttempt {
  const { retryAfterSeconds } = refusal;
  return {
    retry: verdictOn(refusal.code).retry,
    retryAfterMs: retryAfterSeconds === null ? null : retryAfterSeconds * 1_000,
  };
}

/** Books an attempt after which another is made. */
async function book(failed: Failed, gateway: Gateway): Promise<UsageEvent> {
  const { watch, attempt } = failed.attempted;
  watch.end();
  const { event, recorded } = gateway.meter.settle(
    attempt,
    resultOf(failed, toldOf(failed), gateway),
  );
  await recorded;
  return event;
}

/** Waits, unless the client hangs up meanwhile. */
async function waitFor(
  res: ServerResponse,
  milliseconds: number,
): Promise<void> {
  if (milliseconds <= 0 || res.destroyed) return;
  const hungUp = new AbortController();
  const onClose = () => hungUp.abort();
  res.once('close', onClose);
  await delay(milliseconds, undefined, { signal: hungUp.signal }).catch(
    () => undefined,
  );
  res.off('close', onClose);
}
