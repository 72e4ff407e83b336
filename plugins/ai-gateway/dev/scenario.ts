import {
  ControlPlaneDouble,
  type EndpointHandlers,
  Refusal,
} from '../src/__testUtils__/ControlPlaneDouble';
import {
  emptyPortal,
  portalHandlers,
} from '../src/__testUtils__/portalHandlers';
import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { busyPortal } from './portalData';
import { usageBetween } from './usageData';

/** A first call arrives this long after a key was created, in milliseconds. */
const FIRST_CALL_AFTER_MS = 8_000;

/**
 * The control plane that the development app talks to.
 *
 * @param name - `engineer` (when left out), `admin`, `empty`, `error`, `denied` or `loading`
 */
export function controlPlaneOf(name: string | null): ControlPlaneDouble {
  if (name === 'error') return refusing(503, 'The database is not reachable');
  if (name === 'denied') return refusing(403, 'You may not see models');
  if (name === 'loading') return neverAnswering();

  const state =
    name === 'empty'
      ? emptyPortal()
      : busyPortal(name === 'admin' ? 'admin' : 'engineer');
  const handlers = portalHandlers(state);
  return new ControlPlaneDouble({
    ...handlers,
    getUsage: ({ query }) => usageBetween(query),
    getApiKey: async call => {
      const apiKey = await handlers.getApiKey!(call);
      const age = Date.now() - Date.parse(apiKey.createdAt);
      return age > FIRST_CALL_AFTER_MS
        ? Object.assign(apiKey, { lastUsedAt: new Date().toISOString() })
        : apiKey;
    },
  });
}

function refusing(status: number, message: string): ControlPlaneDouble {
  return everyEndpoint(() => {
    throw new Refusal(status, message);
  });
}

function neverAnswering(): ControlPlaneDouble {
  return everyEndpoint(() => new Promise<never>(() => {}));
}

function everyEndpoint(handler: () => Promise<never>): ControlPlaneDouble {
  const handlers: EndpointHandlers = Object.fromEntries(
    Object.keys(endpoints).map(operationId => [operationId, handler]),
  );
  return new ControlPlaneDouble(handlers);
}
