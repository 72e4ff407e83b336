import type { Price } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { StatusTone } from '../../shared';

/** How the states of a price read. */
export const PRICE_STATES: Record<
  Price['state'],
  { readonly tone: StatusTone; readonly label: string }
> = {
  current: { tone: 'good', label: 'In force' },
  scheduled: { tone: 'neutral', label: 'Scheduled' },
  past: { tone: 'off', label: 'Past' },
};
