import type { LimitSubject } from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** A level as a sentence names it: `project 'search'`. */
export function levelName({ kind, id }: LimitSubject): string {
  switch (kind) {
    case 'organisation':
      return 'the organisation';
    case 'key':
      return `API key '${id}'`;
    case 'business-unit':
      return `business unit '${id}'`;
    case 'user':
    case 'app':
    case 'subscription':
    case 'project':
      return `${kind} '${id}'`;
    default: {
      const impossible: never = kind;
      throw new TypeError(`Unknown: ${impossible}`);
    }
  }
}
