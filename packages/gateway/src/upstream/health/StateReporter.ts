import type { Log } from '../../telemetry/log';
import type { FoundDeployment } from './DeploymentHealth';
import type { DeploymentHealths } from './DeploymentHealths';
import type {
  DeploymentStateStore,
  ReportedState,
} from './DeploymentStateStore';

export interface StateReporterOptions {
  readonly gatewayId: string;
  readonly healths: DeploymentHealths;
  readonly store: DeploymentStateStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of the clock that never goes back. */
  readonly monotonic: () => number;
  readonly log: Log;
}

/** With each heartbeat. */
const INTERVAL_MS = 5_000;
/** Changes that come together are reported together, and a flood of them is no flood of reports. */
const GATHER_MS = 500;
/** What stays the same is said again after so long. */
const STALE_MS = 30_000;
/** A latency that has moved by less is the same. */
const NOTEWORTHY = 0.1;

/**
 * Reports how this gateway finds the deployments that it has used: soon after a change of state, and every five seconds what else has
 * changed. A report that fails is not made up for: what it would have said is still news to the next one.
 */
export class StateReporter {
  readonly #options: StateReporterOptions;
  /** What was said of each, and when. */
  readonly #said = new Map<string, { state: ReportedState; at: number }>();
  readonly #timer: NodeJS.Timeout;
  #soon: NodeJS.Timeout | undefined;
  #reporting: Promise<void> = Promise.resolve();

  static start(options: StateReporterOptions): StateReporter {
    return new StateReporter(options);
  }

  private constructor(options: StateReporterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.report(), INTERVAL_MS);
    this.#timer.unref();
    options.healths.onChange(() => {
      this.#soon ??= setTimeout(() => void this.report(), GATHER_MS).unref();
    });
  }

  /** Reports now what is news. Never rejects. */
  report(): Promise<void> {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#reporting = this.#reporting.then(() => this.#report());
    return this.#reporting;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    await this.#reporting;
  }

  async #report(): Promise<void> {
    const { healths, store, gatewayId, monotonic, log } = this.#options;
    const at = monotonic();
    const found = healths.found().map(state => this.#toReport(state, at));
    const there = new Set(found.map(({ deploymentId }) => deploymentId));
    const gone = [...this.#said.keys()].filter(id => !there.has(id));
    const news = found.filter(state => this.#isNews(state, at));
    if (news.length === 0 && gone.length === 0) return;
    try {
      await store.report(gatewayId, news, gone);
    } catch (error) {
      log.debug({ err: error }, 'States of deployments could not be reported');
      return;
    }
    for (const state of news) this.#said.set(state.deploymentId, { state, at });
    for (const id of gone) this.#said.delete(id);
  }

  #toReport(found: FoundDeployment, at: number): ReportedState {
    const epoch = this.#options.now() - at;
    const whole = (ms: number | null) => (ms === null ? null : Math.round(ms));
    return {
      deploymentId: found.deploymentId,
      state: found.state,
      since: Math.round(epoch + found.since),
      until: whole(found.until === null ? null : epoch + found.until),
      reason: found.reason,
      firstTokenMs: whole(found.firstTokenMs),
      answerMs: whole(found.answerMs),
      inFlight: found.inFlight,
    };
  }

  #isNews(state: ReportedState, at: number): boolean {
    const said = this.#said.get(state.deploymentId);
    if (!said || at - said.at >= STALE_MS) return true;
    const before = said.state;
    return (
      before.state !== state.state ||
      before.reason !== state.reason ||
      hasMoved(before.until, state.until, 0) ||
      hasMoved(before.firstTokenMs, state.firstTokenMs, NOTEWORTHY) ||
      hasMoved(before.answerMs, state.answerMs, NOTEWORTHY) ||
      (before.inFlight === 0) !== (state.inFlight === 0)
    );
  }
}

/** Whether a number is another, and by more than a part of it; of moments, by more than clocks drift apart. */
function hasMoved(
  before: number | null,
  after: number | null,
  part: number,
): boolean {
  if (before === null || after === null) return before !== after;
  const CLOCKS_MS = 100;
  return Math.abs(after - before) > (part === 0 ? CLOCKS_MS : before * part);
}
