import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** Who serves a model, in words. */
export function providerNames({ providers }: Model): string {
  if (providers.length === 0) return 'No provider yet';
  return new Intl.ListFormat(undefined, { type: 'conjunction' }).format(
    providers.map(({ title }) => title),
  );
}
