import type { ServerResponse } from 'node:http';
import { dueMs, type Pace, type SendStep, type Step } from './steps';

export interface Delivery {
  /** `completed`: all steps taken; `destroyed`: a step broke the connection; `aborted`: the client hung up. */
  readonly outcome: 'completed' | 'destroyed' | 'aborted';
  /** Completion tokens handed to the connection. */
  readonly tokens: number;
}

/** What is due at once is joined into writes of about this many characters. */
const BATCH_CHARACTERS = 32_768;

/**
 * Takes the steps at their pace. Steps are drawn only when they are due and the client has room for them, so
 * that a client who reads slowly or hangs up costs nothing. A late timer is made up for: the pace does not drift.
 *
 * @param now - milliseconds of a clock that never goes back
 */
export function deliver(
  res: ServerResponse,
  steps: Iterator<Step, unknown>,
  pace: Pace,
  now: () => number,
): Promise<Delivery> {
  return new Promise(settleWith => {
    const startedAt = now();
    let tokens = 0;
    let notBefore = 0;
    let waiting: SendStep | undefined;
    let timer: NodeJS.Timeout | undefined;
    let destroying = false;

    const settle = (outcome: Delivery['outcome']) => {
      clearTimeout(timer);
      res.off('drain', pump);
      steps.return?.();
      settleWith({ outcome, tokens });
    };

    const destroy = () => {
      destroying = true;
      // An empty write is called back after all earlier ones have left; destroying at once would lose them.
      if (res.socket) res.socket.write('', () => res.destroy());
      else res.destroy();
    };

    function pump() {
      let batch = '';
      const flush = () => {
        const roomLeft = batch.length === 0 || res.write(batch);
        batch = '';
        return roomLeft;
      };
      while (!res.destroyed) {
        let step = waiting;
        waiting = undefined;
        if (!step) {
          const next = steps.next();
          if (next.done) {
            res.end(batch);
            return;
          }
          if (next.value.type === 'headers') {
            res.flushHeaders();
            continue;
          }
          if (next.value.type === 'stall') {
            flush();
            return;
          }
          if (next.value.type === 'destroy') {
            flush();
            destroy();
            return;
          }
          step = next.value;
        }

        const wait =
          Math.max(dueMs(step, pace), notBefore) - (now() - startedAt);
        if (wait > 0) {
          waiting = step;
          flush();
          timer = setTimeout(pump, Math.ceil(wait));
          return;
        }

        tokens += step.tokens;
        if (step.pauseMs) notBefore = now() - startedAt + step.pauseMs;
        let roomLeft = true;
        if (typeof step.wire === 'string') {
          batch += step.wire;
          if (batch.length >= BATCH_CHARACTERS) roomLeft = flush();
        } else if (step.wire.length > 0) {
          flush();
          roomLeft = res.write(step.wire);
        }
        if (!roomLeft) {
          res.once('drain', pump);
          return;
        }
      }
    }

    res.once('finish', () => settle('completed'));
    res.once('close', () => {
      if (!res.writableFinished) settle(destroying ? 'destroyed' : 'aborted');
    });
    if (res.destroyed || res.closed) settle('aborted');
    else pump();
  });
}
