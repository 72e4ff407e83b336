import type { LimitSubject } from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** What may be asked for, by a key, in a project, or in the whole organisation. */
export interface Policy {
  readonly subject: LimitSubject;
  /** `null`: all. What is denied below is denied all the same. */
  readonly allowedModels: ReadonlySet<string> | null;
  readonly deniedModels: ReadonlySet<string>;
  readonly allowedEndpoints: ReadonlySet<string> | null;
  readonly deniedEndpoints: ReadonlySet<string>;
  /** Of the prompt and what may be generated, together. */
  readonly maxContextTokens: number | null;
  readonly maxOutputTokens: number | null;
  /** What becomes of a request that asks for more tokens. */
  readonly whenExceeded: 'refuse' | 'clamp';
  /** How bodies are kept in request logs; `null`: as the level above says. */
  readonly bodyCapture: BodyCapture | null;
}

export interface BodyCapture {
  readonly mode: 'off' | 'metadata' | 'full';
  /** `null`: as many as there is room for by default. */
  readonly maxBytes: number | null;
}
