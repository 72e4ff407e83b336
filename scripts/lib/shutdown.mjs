// @ts-check
import { onAbandoned } from './parent.mjs';

/** A second signal within this time is the same one, come by another way. */
const echoMs = 1000;

/**
 * Turns the signals that ask us to end into one that code can wait for.
 *
 * Ctrl-C reaches the whole foreground group of the terminal, and npm hands the
 * signals it gets to us besides, so that one press may arrive twice. A press
 * after a while means that the orderly end takes too long. The terminal may
 * also be closed by then, which is no reason to hurry.
 *
 * @param {object} options
 * @param {(signal: NodeJS.Signals) => void} options.onFirst
 * @param {() => void} options.onInsisted must end the process
 * @returns {AbortSignal} aborted by the first signal
 */
export const onShutdownSignal = ({ onFirst, onInsisted }) => {
  const controller = new AbortController();
  let firstAt = 0;
  const receive = (/** @type {NodeJS.Signals} */ signal) => {
    if (!controller.signal.aborted) {
      firstAt = Date.now();
      onFirst(signal);
      controller.abort(new Interrupted(signal));
    } else if (signal === 'SIGINT' && Date.now() - firstAt > echoMs) {
      onInsisted();
    }
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, receive);
  }
  onAbandoned(() => receive('SIGTERM'));
  // Whoever read our output is gone; the shutdown goes on without them.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => receive('SIGHUP'));
  }
  return controller.signal;
};

/** Why something was given up: somebody asked this process to end. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} by */
  constructor(by) {
    super(`Interrupted by ${by}`);
    this.name = 'Interrupted';
    this.by = by;
  }
}
