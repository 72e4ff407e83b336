import type { Dispatcher } from 'undici';

type Handler = Dispatcher.DispatchHandler;

/** Tells when a request is about to be written to a connection: until then nothing has been asked, and nothing can cost anything. */
export class AskedHandler implements Handler {
  readonly #handler: Handler;
  readonly #onAsked: () => void;

  /** To compose a dispatcher with. */
  static interceptor(
    onAsked: () => void,
  ): Dispatcher.DispatcherComposeInterceptor {
    return dispatch => (options, handler) =>
      dispatch(options, new AskedHandler(handler, onAsked));
  }

  private constructor(handler: Handler, onAsked: () => void) {
    this.#handler = handler;
    this.#onAsked = onAsked;
  }

  onRequestStart(
    ...[controller, context]: Parameters<NonNullable<Handler['onRequestStart']>>
  ): void {
    this.#handler.onRequestStart?.(controller, context);
    // Whoever gave up while it was being connected says so here, and nothing is written.
    if (!controller.aborted) this.#onAsked();
  }

  onResponseStart(
    ...[controller, status, headers, message]: Parameters<
      NonNullable<Handler['onResponseStart']>
    >
  ): void {
    this.#handler.onResponseStart?.(controller, status, headers, message);
  }

  onResponseData(
    ...[controller, chunk]: Parameters<NonNullable<Handler['onResponseData']>>
  ): void {
    this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(
    ...[controller, trailers]: Parameters<NonNullable<Handler['onResponseEnd']>>
  ): void {
    this.#handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(
    ...[controller, error]: Parameters<NonNullable<Handler['onResponseError']>>
  ): void {
    this.#handler.onResponseError?.(controller, error);
  }
}
