const MASK = '***';

/**
 * What a credential looks like in text. Each ends at the end of the text as well as at its own: a text that was cut may end in one.
 * Fields are found in JSON that is itself a string in JSON too, where every quote has backslashes before it; a slash may have them anywhere.
 * There a line ends in the letter n and two words that a tab parts have its t between them: an escape before a credential is its beginning too.
 */
const CREDENTIALS: ReadonlyArray<[pattern: RegExp, replacement: string]> = [
  // The gateway's own keys: the id stays, which is no secret and tells which key to revoke. Whatever stands before it.
  [/(aigw_[0-9A-Za-z]{12}_)[0-9A-Za-z]+(?:_[0-9A-Za-z]*)?/g, `$1${MASK}`],
  [
    /("(?:proxy-)?(?:authorization|x-api-key|api[-_]?key)\\*"\s*:\s*\\*")(?:[^"\\]|\\+\/)*/gi,
    `$1${MASK}`,
  ],
  [
    /(?:\b|(?<=\\(?:[nrtbf]|u[\da-f]{4})))(Bearer|Basic)(\s+)(?!aigw_)(?:[A-Za-z0-9._~+/=-]|\\+\/){8,}/gi,
    `$1$2${MASK}`,
  ],
  // What the keys of providers begin with. A word with a hyphen may begin so too: a key is long and has a digit.
  [
    /(?:(?<![\w-])|(?<=\\(?:[nrtbf]|u[\dA-Fa-f]{4})))(sk-|gsk_|xai-|hf_|AIza)(?=[A-Za-z_-]*\d)[\w-]{16,}/g,
    `$1${MASK}`,
  ],
];

/**
 * Takes credentials out of a text that is to be kept: API keys of the gateway and those of providers that have a form of their own, values
 * of `Authorization` and of fields that hold an API key. Requests hold such things in earnest, as in the headers of a tool that the model may call.
 *
 * It goes by form. A key that a model spells out over several parts of a stream is not seen.
 *
 * @public
 */
export function maskCredentials(text: string): string {
  let masked = text;
  for (const [pattern, replacement] of CREDENTIALS) {
    masked = masked.replace(pattern, replacement);
  }
  return masked;
}
