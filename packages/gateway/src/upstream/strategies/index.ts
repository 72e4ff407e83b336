import type { RoutingStrategy } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Strategy } from './Candidate';
import { leastConnections } from './leastConnections';
import { leastLatency } from './leastLatency';
import { priority } from './priority';
import { roundRobin } from './roundRobin';
import { weighted } from './weighted';

export type { Candidate, Draw } from './Candidate';

/** How each strategy puts deployments in order. */
export const STRATEGIES: Readonly<Record<RoutingStrategy, Strategy>> = {
  priority,
  weighted,
  'round-robin': roundRobin,
  'least-latency': leastLatency,
  'least-connections': leastConnections,
};
