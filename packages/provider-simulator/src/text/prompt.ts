/** What the generator knows of a prompt: all of it in the hash, a few words of it in the answer. */
export interface PromptGist {
  /** The first words of the last user message, or '' when there are none. */
  readonly quote: string;
  /** Telling words of the last user message, in the order they appear. */
  readonly topics: readonly string[];
  /** 32-bit hash of every message, role and text. */
  readonly hash: number;
}

/** One message, in any dialect. */
export interface PromptMessage {
  readonly role: string;
  readonly text: string;
}

const QUOTED_WORDS = 7;
const QUOTED_CHARACTERS = 60;
const MAX_TOPICS = 5;
/** A prompt may be megabytes long; its subject is in its beginning. */
const SCANNED_CHARACTERS = 2_000;

const STOP_WORDS = new Set(
  (
    'about after again answer ask also another because been before being below best better between both call cannot choose compare could describe does doing done down each ' +
    'every explain find from give given have having here hers himself into just keep know like list long look made make many more most much must ' +
    'need only other over please really say short same shall should show some such tell than that their them then there these they this ' +
    'think those through under until upon used using very want were what when where which while whom will with would write your yours'
  ).split(' '),
);

/** Boils messages down to what an answer is made from. Equal messages give equal gists. */
export function gistOf(messages: readonly PromptMessage[]): PromptGist {
  let hash = 0x811c9dc5;
  let last = '';
  for (const { role, text } of messages) {
    hash = hashText(text, hashText(role, hash));
    if (role === 'user') last = text;
  }
  const beginning = last.slice(0, SCANNED_CHARACTERS);
  return { quote: quoteOf(beginning), topics: topicsOf(beginning), hash };
}

/** FNV-1a over UTF-16 units: fast, spread well enough to choose sentences by, and no secret. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

function quoteOf(text: string): string {
  const words = text
    // Quotation marks would end the quote; controls, lone surrogates and U+FFFD do not survive a round trip.
    .replace(/["“”\p{Cc}\p{Cs}\uFFFD]/gu, ' ')
    .trim()
    .split(/\s+/u)
    .slice(0, QUOTED_WORDS)
    .join(' ');
  return Array.from(words)
    .slice(0, QUOTED_CHARACTERS)
    .join('')
    .replace(/[\s.,;:!?]+$/u, '');
}

function topicsOf(text: string): string[] {
  const topics = new Set<string>();
  for (const [word] of text.matchAll(/\p{L}[\p{L}\p{M}\p{N}]{3,24}/gu)) {
    const lower = word.toLocaleLowerCase('en');
    if (!STOP_WORDS.has(lower)) topics.add(lower);
    if (topics.size === MAX_TOPICS) break;
  }
  return [...topics];
}
