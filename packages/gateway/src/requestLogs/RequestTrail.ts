import {
  BodyCapture,
  type BodyCapturePolicy,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { headerIn } from '../http/answerHead';
import type { Exchange } from '../http/exchange';
import type { KeyRecord } from '../keys/KeyRecord';
import { tapResponse } from './tapResponse';

/** What a request left behind, once it is over. */
export interface Trail {
  readonly key: KeyRecord;
  /** One for each attempt at an upstream, in their order. */
  readonly events: readonly UsageEvent[];
  readonly requestBody: BodyCapture | null;
  readonly responseBody: BodyCapture | null;
  /** Milliseconds of the clock that never goes back: when its client had the end, or hung up. */
  readonly endedAt: number;
}

/** Takes what a request left behind. */
export type OnOver = (exchange: Exchange, trail: Trail) => void;

const NO_EVENTS: readonly UsageEvent[] = [];

/**
 * Gathers what becomes known of a request on its way. It is over when both are: its handling, and its connection with the client, which may
 * end long before (it hung up) or after (it reads slowly). Until it is followed, it gathers nothing and costs nothing.
 */
export class RequestTrail {
  #exchange: Exchange | null = null;
  #key: KeyRecord | null = null;
  #onOver: OnOver | null = null;
  #events = NO_EVENTS;
  #requestBody: BodyCapture | null = null;
  #responseBody: BodyCapture | null = null;
  #handled = false;
  #endedAt: number | null = null;

  /** From now on it is known whose the request is, and there will be a record of it. */
  follow(
    exchange: Exchange,
    key: KeyRecord,
    policy: BodyCapturePolicy,
    onOver: OnOver,
  ): void {
    this.#exchange = exchange;
    this.#key = key;
    this.#onOver = onOver;
    if (policy.mode !== 'off') this.#capture(exchange, policy);
    this.#finishIfOver();
  }

  /** The body of the request, or a piece of it. */
  received(body: Uint8Array): void {
    this.#requestBody?.add(body);
  }

  /** What was booked for it. */
  booked(events: readonly UsageEvent[]): void {
    this.#events = events;
  }

  /** Nothing more is done for it. */
  handled(): void {
    this.#handled = true;
    this.#finishIfOver();
  }

  /**
   * Its client had the end, or hung up.
   *
   * @param at - milliseconds of the clock that never goes back
   */
  closed(at: number): void {
    this.#endedAt = at;
    this.#finishIfOver();
  }

  #capture({ req, res, headers }: Exchange, policy: BodyCapturePolicy): void {
    this.#requestBody = BodyCapture.create(
      policy,
      'request',
      req.headers['content-type'],
    );
    tapResponse(res, bytes => {
      // Now that there is a body, it is known of which type.
      this.#responseBody ??= BodyCapture.create(
        policy,
        'response',
        headerIn(headers, 'content-type'),
      );
      this.#responseBody.add(bytes);
    });
  }

  #finishIfOver(): void {
    const exchange = this.#exchange;
    const key = this.#key;
    const endedAt = this.#endedAt;
    if (!exchange || !key || !this.#handled || endedAt === null) return;
    // Once.
    this.#exchange = null;
    this.#onOver?.(exchange, {
      key,
      events: this.#events,
      requestBody: this.#requestBody,
      responseBody: this.#responseBody,
      endedAt,
    });
  }
}
