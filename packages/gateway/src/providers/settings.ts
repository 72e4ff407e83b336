import { PROVIDER_SETTINGS } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { z } from 'zod';

/**
 * What only some kinds of provider need, or only some models: of a provider, and of a deployment, which decides where both say something.
 * What is not known here is left alone, so that an older gateway serves what a newer control plane has written.
 */
export const providerSettingsSchema = z.looseObject(PROVIDER_SETTINGS);

/** {@inheritDoc providerSettingsSchema} */
export type ProviderSettings = z.infer<typeof providerSettingsSchema>;
