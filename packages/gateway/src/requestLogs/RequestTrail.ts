import {
  BodyCapture,
  type BodyCapturePolicy,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { headerIn, type FlatHeaders } from '../http/answerHead';
import type { KeyRecord } from '../keys/KeyTable';
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

/**
 * Gathers what becomes known of a request on its way. It is over when both are: its handling, and its connection with the client, which may
 * end long before (it hung up) or after (it reads slowly). Until it is followed, it gathers nothing and costs nothing.
 */
export class RequestTrail {
  #followed:
    | { readonly key: KeyRecord; readonly onOver: (trail: Trail) => void }
    | undefined;
  #events: readonly UsageEvent[] = [];
  #requestBody: BodyCapture | null = null;
  #responseBody: BodyCapture | null = null;
  #handled = false;
  #endedAt: number | undefined;

  /** From now on it is known whose the request is, and there will be a record of it. */
  follow(options: {
    key: KeyRecord;
    req: IncomingMessage;
    res: ServerResponse;
    /** Of the response, once it has begun. */
    headers: FlatHeaders;
    policy: BodyCapturePolicy;
    monotonic: () => number;
    onOver: (trail: Trail) => void;
  }): void {
    const { key, req, res, headers, policy, monotonic, onOver } = options;
    this.#followed = { key, onOver };
    if (policy.mode !== 'off') {
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
    const end = () => {
      this.#endedAt = monotonic();
      this.#finishIfOver();
    };
    if (res.closed) end();
    else res.once('close', end);
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

  #finishIfOver(): void {
    if (!this.#followed || !this.#handled || this.#endedAt === undefined) {
      return;
    }
    const { key, onOver } = this.#followed;
    this.#followed = undefined;
    onOver({
      key,
      events: this.#events,
      requestBody: this.#requestBody,
      responseBody: this.#responseBody,
      endedAt: this.#endedAt,
    });
  }
}
