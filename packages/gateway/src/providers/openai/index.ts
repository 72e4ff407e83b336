import type { ProviderDialect } from '../spec';
import { mapError } from './errors';
import { buildRequest } from './request';
import { readWhole } from './response';
import { OpenAiStreamReader } from './stream';

/** OpenAI's chat completions: spoken by OpenAI, vLLM and most others. */
export const openai: ProviderDialect = {
  buildRequest,
  readWhole,
  createStreamReader: options => new OpenAiStreamReader(options),
  mapError,
};
