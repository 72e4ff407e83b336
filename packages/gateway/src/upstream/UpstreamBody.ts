/** How a body came to its end. */
export type BodyEnd =
  /** As it should. */
  | 'ended'
  /** The connection broke. */
  | 'broken'
  /** Nothing came for too long. */
  | 'silent'
  /** It was stopped, as there was no more sense in it. */
  | 'stopped';

/** Who takes what comes of a body. */
export interface BodyReader {
  onChunk(chunk: Buffer): void;
  /** Called once, after which nothing comes; not when the reader itself gave the body up. */
  onEnd(end: BodyEnd): void;
}

/** The body of an answer, as it comes. */
export interface UpstreamBody {
  /** Gives all there is to a reader, from the start on; there is but one. */
  readBy(reader: BodyReader): void;
  /** Lets the upstream wait. While it does, nothing is too long. */
  pause(): void;
  resume(): void;
  /** Gives it up, and its connection with it. */
  abandon(): void;
  /** Nothing more is expected: lets it end within a moment, for its connection to be used again. */
  letEnd(): void;
}
