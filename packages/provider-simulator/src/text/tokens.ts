import { isUtf8 } from 'node:buffer';
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { countableParts } from './longRuns';
import { LruCache } from './lru';

/**
 * A stretch of text that is sent whole: one token, or the few tokens that together spell one character
 * (a token may end in the middle of a UTF-8 sequence).
 */
export interface Piece {
  readonly text: string;
  /** `text` as it stands inside a JSON string, without the quotes: escaped once, sent many times. */
  readonly json: string;
  readonly tokens: number;
}

/** Text such as `<|endoftext|>` in a prompt is ordinary text here, as it is for a provider. */
const PLAIN_TEXT = { disallowedSpecial: new Set<string>() };

const NO_BYTES = Buffer.alloc(0);

// Bounded by characters as well as by entries: prompts may be megabytes long.
const counts = new LruCache<string, number>({
  maxEntries: 5_000,
  maxWeight: 16_000_000,
  weigh: text => text.length + 32,
});

/**
 * Tokens of `text` in the `o200k_base` encoding. Repeated texts are counted once, so that a benchmark
 * that sends the same prompt again and again measures something else than the tokenizer.
 */
export function countTokens(text: string): number {
  if (text.length === 0) return 0;
  const known = counts.get(text);
  if (known !== undefined) return known;
  let count = 0;
  for (const part of countableParts(text)) {
    count += encode(part, PLAIN_TEXT).length;
  }
  counts.set(text, count);
  return count;
}

/** `text` as the pieces it is streamed in; their texts join to `text`, their tokens sum to its count. */
export function splitTokens(text: string): Piece[] {
  const pieces: Piece[] = [];
  let open = NO_BYTES;
  let openTokens = 0;
  for (const token of encode(text, PLAIN_TEXT)) {
    // A token that is text by itself is a string there; one that ends within a character is its bytes.
    const spelled = ranks[token];
    if (openTokens === 0 && typeof spelled === 'string') {
      pieces.push(pieceOf(spelled, 1));
      continue;
    }
    open = Buffer.concat([open, Buffer.from(spelled)]);
    openTokens += 1;
    if (isUtf8(open)) {
      pieces.push(pieceOf(open.toString('utf8'), openTokens));
      open = NO_BYTES;
      openTokens = 0;
    }
  }
  return pieces;
}

/**
 * The longest start of `pieces` of at most `limit` tokens that is counted alike whether one adds up its
 * pieces or tokenises its text. (Dropping the end of a text can change how what remains is tokenised.)
 */
export function takeTokens(pieces: readonly Piece[], limit: number): Piece[] {
  const taken: Piece[] = [];
  let tokens = 0;
  for (const piece of pieces) {
    if (tokens + piece.tokens > limit) break;
    taken.push(piece);
    tokens += piece.tokens;
  }
  while (
    taken.length > 0 &&
    encode(joinText(taken), PLAIN_TEXT).length !== tokens
  ) {
    tokens -= taken[taken.length - 1].tokens;
    taken.pop();
  }
  return taken;
}

/** Pieces that are sent together. */
export interface PieceGroup extends Pick<Piece, 'json' | 'tokens'> {
  readonly pieces: readonly Piece[];
}

/** The pieces in groups of at least so many tokens, the last excepted; a piece that is alone is its own group. */
export function inGroups(
  pieces: readonly Piece[],
  tokensPerGroup: number,
): Iterable<Piece | PieceGroup> {
  // Nothing is put together, and nothing made, on the hot path of benchmarks.
  return tokensPerGroup === 1 ? pieces : grouped(pieces, tokensPerGroup);
}

/** The pieces of a group. */
export function piecesIn(group: Piece | PieceGroup): readonly Piece[] {
  return 'pieces' in group ? group.pieces : [group];
}

function* grouped(
  pieces: readonly Piece[],
  tokensPerGroup: number,
): Generator<PieceGroup> {
  let group: Piece[] = [];
  let json = '';
  let tokens = 0;
  for (const piece of pieces) {
    group.push(piece);
    json += piece.json;
    tokens += piece.tokens;
    if (tokens >= tokensPerGroup) {
      yield { json, tokens, pieces: group };
      group = [];
      json = '';
      tokens = 0;
    }
  }
  if (tokens > 0) yield { json, tokens, pieces: group };
}

export function joinText(pieces: readonly Piece[]): string {
  return pieces.map(piece => piece.text).join('');
}

export function sumTokens(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.tokens, 0);
}

/** One token, as text and as bytes. */
export interface TokenText {
  /** A token that ends within a character is written as its bytes: `bytes:\\xf0\\x9f`. */
  readonly text: string;
  readonly bytes: readonly number[];
}

/** The tokens of a piece, one by one. */
export function tokenTexts({
  text,
  tokens,
}: Pick<Piece, 'text' | 'tokens'>): TokenText[] {
  if (tokens === 1) return [{ text, bytes: [...Buffer.from(text)] }];
  return encode(text, PLAIN_TEXT).map(token => {
    const spelled = Buffer.from(ranks[token]);
    const shown = isUtf8(spelled)
      ? spelled.toString('utf8')
      : `bytes:${Array.from(spelled, byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`;
    return { text: shown, bytes: [...spelled] };
  });
}

/** The text that tokens stand for, or undefined where one of them is no token. */
export function textOfTokens(tokens: readonly number[]): string | undefined {
  const parts: Buffer[] = [];
  for (const token of tokens) {
    if (!Number.isInteger(token) || !(token in ranks)) return undefined;
    parts.push(Buffer.from(ranks[token]));
  }
  return Buffer.concat(parts).toString('utf8');
}

function pieceOf(text: string, tokens: number): Piece {
  return { text, json: JSON.stringify(text).slice(1, -1), tokens };
}
