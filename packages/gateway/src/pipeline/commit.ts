import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Refusal } from '../errors/registry';
import type { FailedAttempt } from '../upstream/attempts/AttemptPlan';
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
  | (Exclude<Tried, Failed> & Before)
  | (Failed & Before & { readonly told: Refusal });

interface Before {
  /** The events of the attempts before the last, which failed; they are booked. */
  readonly earlier: readonly UsageEvent[];
}

const OVER = { kind: 'over' } as const;

/**
 * Makes attempts, each with its intent and its own event, until one has something of an answer or no other is worth making: at the
 * deployments of the model, then at those of the models that it falls back to. Those that failed are booked here.
 */
export async function commit(
  admitted: Admitted,
  gateway: Gateway,
): Promise<Committed> {
  const { exchange, request } = admitted;
  const waiting = request.stream
    ? keepWaiting(exchange, gateway.settings.client.keepAliveMs)
    : undefined;
  try {
    return await makeAttempts(admitted, gateway);
  } finally {
    waiting?.stop();
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
  const nextAttempt = async (failed: FailedAttempt | null) => {
    for (;;) {
      const next = plan.next(failed);
      if (next.kind === 'over' || next.model === model) return next;
      if (await admitted.admission.mayFallBackTo(next.model)) return next;
      plan.leaveOut(next.model);
    }
  };
  let next = await nextAttempt(null);
  if (next.kind === 'over') {
    const models = [model, ...fallbacks()];
    const refused = refuseUntried(admitted, models, gateway);
    return { ...refused, earlier, told: refused.refusal };
  }
  for (;;) {
    const tried = await makeAttempt(
      admitted,
      next,
      refusals.length + 1,
      gateway,
    );
    if (tried.kind !== 'failed') return { ...tried, earlier };

    refusals.push(tried.refusal);
    next = mayGoOn(tried, gateway) ? await nextAttempt(lessonOf(tried)) : OVER;
    if (next.kind === 'try') {
      exchange.waits.begin('upstream');
      await waitFor(exchange.res, next.delayMs);
      exchange.waits.end('upstream');
    }
    if (next.kind === 'over' || !mayGoOn(tried, gateway)) {
      return { ...tried, earlier, told: mostUseful(refusals) };
    }
    earlier.push(await book(tried, gateway));
  }
}

/** Whether another attempt makes sense, whatever it would be. */
function mayGoOn({ watch }: Failed, gateway: Gateway): boolean {
  return !watch.clientIsGone() && gateway.meter.problem === null;
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
  failed.watch.end();
  const { event, durable } = gateway.meter.settle(
    failed.attempt,
    resultOf(failed, toldOf(failed), gateway),
  );
  await durable;
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
