import type {
  RedactedThinking,
  RefusalText,
  Text,
  Thinking,
  ToolCall,
} from './content';
import type { JsonObject } from './json';

/** Where the client wrote a thing, in its own dialect: `messages[2].content[0]`. A refusal names it so. */
export interface Written {
  readonly at: string;
}

/** A place up to which the provider may keep the prompt; changes what a request costs and not what it says. */
export interface CacheMarker {
  readonly lifetime?: '5m' | '1h';
}

export interface Cacheable {
  readonly cacheMarker?: CacheMarker;
}

export type TextPart = Text & Written & Cacheable;

export interface ImagePart extends Written, Cacheable {
  readonly type: 'image';
  readonly source:
    | { readonly kind: 'url'; readonly url: string }
    | {
        readonly kind: 'base64';
        readonly mediaType: string;
        readonly data: string;
      };
  /** OpenAI's: how closely the image is to be looked at. */
  readonly detail?: string;
}

/** A PDF. */
export interface DocumentPart extends Written, Cacheable {
  readonly type: 'document';
  readonly mediaType: 'application/pdf';
  /** Base64. */
  readonly data: string;
  readonly name?: string;
}

export type UserPart = TextPart | ImagePart | DocumentPart;

export type AssistantPart =
  | TextPart
  | (RefusalText & Written)
  | (Thinking & Written)
  | (RedactedThinking & Written)
  | (ToolCall & Written & Cacheable);

/** What a tool gave back for a call. */
export interface ToolResult extends Written, Cacheable {
  readonly callId: string;
  readonly failed: boolean;
  readonly parts: readonly (TextPart | ImagePart)[];
}

/**
 * One turn. Results of tools are a turn of their own, which holds all results that stand together: OpenAI writes a message for each,
 * Anthropic puts them at the start of the user's message.
 */
export type CanonicalMessage =
  | (Written & {
      readonly role: 'system';
      /** OpenAI's newer models call the system the developer; nobody else tells them apart. */
      readonly author: 'system' | 'developer';
      readonly name?: string;
      readonly parts: readonly TextPart[];
    })
  | (Written & {
      readonly role: 'user';
      readonly name?: string;
      readonly parts: readonly UserPart[];
    })
  | (Written & {
      readonly role: 'assistant';
      readonly name?: string;
      readonly parts: readonly AssistantPart[];
    })
  | (Written & {
      readonly role: 'tool';
      readonly results: readonly ToolResult[];
    });

export interface ToolDefinition extends Written, Cacheable {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; none for a tool that takes none. */
  readonly parameters?: JsonObject;
  /** Whether the arguments must follow the schema to the letter. */
  readonly strict?: boolean;
}

export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'named'; readonly name: string };

export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'jsonObject' }
  | {
      readonly type: 'jsonSchema';
      readonly schema: JsonObject;
      readonly name?: string;
      readonly description?: string;
      readonly strict?: boolean;
    };

/** How much a model is to think: never, as much as it sees fit, or up to a number of tokens. */
export type ThinkingMode =
  | { readonly type: 'off' }
  | { readonly type: 'adaptive'; readonly display?: 'summarized' | 'omitted' }
  | {
      readonly type: 'budget';
      readonly tokens: number;
      readonly display?: 'summarized' | 'omitted';
    };

export const EFFORTS = [
  'minimal',
  'low',
  'medium',
  'high',
  'xhigh',
  'max',
] as const;

export type Effort = (typeof EFFORTS)[number];

/** What a request may ask for besides its messages; what is absent is left to the provider. */
export interface RequestOptions {
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stopSequences?: readonly string[];
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  /** How many answers; OpenAI's `n`. */
  readonly choices?: number;
  /** Log probabilities of the tokens chosen, and of so many others beside each. */
  readonly logprobs?: { readonly top: number };
  readonly responseFormat?: ResponseFormat;
  readonly thinking?: ThinkingMode;
  readonly effort?: Effort;
  /** Who asks, as an opaque id. */
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly serviceTier?:
    'auto' | 'standard' | 'flex' | 'scale' | 'priority' | 'fast';
  /** Caches up to the last part that can be. */
  readonly cacheMarker?: CacheMarker;
}

export type OptionName = keyof RequestOptions;

/** A request of any dialect. */
export interface CanonicalRequest {
  readonly model: string;
  readonly messages: readonly CanonicalMessage[];
  /** Whether the answer is to go on where the last message, the assistant's, stops. */
  readonly continuesLastMessage: boolean;
  readonly tools: readonly ToolDefinition[];
  readonly options: RequestOptions;
  /** What the client called the options that it gave. */
  readonly names: Readonly<Partial<Record<OptionName, string>>>;
  readonly stream: boolean;
  /** Whether the client wants the usage in its stream; only OpenAI's dialect lets it choose. */
  readonly includeUsage: boolean;
}
