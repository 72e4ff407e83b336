import type { Endpoint } from '../endpoints';
import { refuse } from '../errors/registry';
import type { Exchange } from '../http/exchange';
import type { Gateway } from './Gateway';
import { next, refused, type Step } from './Step';

/** A request whose headers say that it is worth looking at. Its body has not been read. */
export interface Received {
  readonly exchange: Exchange;
  readonly endpoint: Endpoint;
}

/** Judges a request by its headers alone. */
export function receive(received: Received, gateway: Gateway): Step<Received> {
  if (gateway.draining()) return refused(refuse('service_draining', {}, 1));
  if (!gateway.configuration.snapshot)
    return refused(refuse('not_ready', {}, 2));

  const { headers } = received.exchange.req;
  const declared = Number(headers['content-length'] ?? 0);
  const limit = gateway.settings.maxRequestBytes;
  const tooMuch = gateway.overload.check(Math.min(declared, limit));
  if (tooMuch) return refused(tooMuch);

  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    return refused(
      refuse('unsupported_content_encoding', { got: encoding.slice(0, 50) }),
    );
  }
  if (declared > limit) {
    return refused(refuse('request_too_large', { limit }));
  }
  const type = headers['content-type'] ?? '';
  const mediaType = type.split(';', 1)[0].trim().toLowerCase();
  if (mediaType !== 'application/json') {
    return refused(
      refuse('unsupported_media_type', { got: mediaType.slice(0, 100) }),
    );
  }
  return next(received);
}
