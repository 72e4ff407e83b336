import type { JsonObjectScan } from '../wire/jsonScan';
import type { EndpointId } from './Endpoint';

/** A request as it came, and what the gateway itself must know of it, whatever its dialect. */
export interface ClientRequest {
  readonly endpoint: EndpointId;
  readonly bytes: Buffer;
  readonly object: JsonObjectScan;
  /** Headers that are for the provider, if it speaks the client's dialect. */
  readonly headers: Readonly<Record<string, string>>;
  /** As the client names it. */
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client is to see the usage of its stream; only OpenAI's dialect lets it choose. */
  readonly includeUsage: boolean;
  /** The most that may be generated for each choice; `null` when the client does not say, 0 where nothing is generated. */
  readonly maxOutputTokens: number | null;
  /** How many answers are asked for. */
  readonly choices: number;
  /** What the model has to read, guessed from its bytes. */
  readonly estimatedInputTokens: number;
  /** The same request with this for its most; itself where nothing is generated. */
  withMaxOutputTokens(tokens: number): ClientRequest;
}
