import {
  toWorker,
  type FromWorker,
  type Report,
  type ToWorker,
} from './messages';

const PATIENCE_MS = 5_000;
/** Set for a worker by the process that starts it. */
export const WORKER_NUMBER = 'AI_GATEWAY_WORKER_NUMBER';

/** What a worker process has to do with the one that started it. */
export class WorkerLink {
  /** From 1 on; the same for whoever takes its place. */
  readonly number: number;
  readonly #asked = new Map<number, (text: string) => void>();
  #lastAsk = 0;
  #tellFigures: () => Promise<Report> = async () => [];
  #end: ((announce: boolean) => void) | undefined;
  /** What came before it serves, and can be done once it does. */
  #toEnd: { readonly announce: boolean } | undefined;

  /** The link of this process; `null` when it is no worker. */
  static open(
    env: Readonly<Record<string, string | undefined>>,
  ): WorkerLink | null {
    const number = Number(env[WORKER_NUMBER]);
    return process.send && Number.isInteger(number)
      ? new WorkerLink(number)
      : null;
  }

  private constructor(number: number) {
    this.number = number;
    process.on('message', message => {
      const { success, data } = toWorker.safeParse(message);
      if (success) this.#heard(data);
    });
    tell({ type: 'hearing' });
  }

  /** Says that it serves, and to whom it tells its figures and when it is to end. */
  serving(options: {
    readonly tellFigures: () => Promise<Report>;
    readonly end: (announce: boolean) => void;
  }): void {
    this.#tellFigures = options.tellFigures;
    this.#end = options.end;
    tell({ type: 'serving' });
    if (this.#toEnd) options.end(this.#toEnd.announce);
  }

  /**
   * Everyone's figures, in Prometheus' text format.
   *
   * @throws TypeError when they do not come
   */
  readMetrics(): Promise<string> {
    this.#lastAsk += 1;
    const ask = this.#lastAsk;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#asked.delete(ask);
        reject(new TypeError('The figures of the workers did not come'));
      }, PATIENCE_MS);
      this.#asked.set(ask, text => {
        clearTimeout(timer);
        this.#asked.delete(ask);
        resolve(text);
      });
      tell({ type: 'read-metrics', ask });
    });
  }

  #heard(message: ToWorker): void {
    switch (message.type) {
      case 'tell-figures':
        void this.#tellFigures().then(report =>
          tell({ type: 'figures', ask: message.ask, report }),
        );
        break;
      case 'metrics':
        this.#asked.get(message.ask)?.(message.text);
        break;
      case 'end':
        if (this.#end) this.#end(message.announce);
        else this.#toEnd = message;
        break;
      default: {
        const impossible: never = message;
        throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
      }
    }
  }
}

/** The other side may be gone; then this process ends anyway. */
function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, () => undefined);
}
