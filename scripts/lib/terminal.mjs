// @ts-check
import { stripVTControlCharacters } from 'node:util';

/** True where colour codes are wanted: a terminal, and no one said no. */
export const useColour =
  !process.env.NO_COLOR &&
  (Boolean(process.env.FORCE_COLOR) || Boolean(process.stdout.isTTY));

/**
 * @param {number} open
 * @param {number} close
 */
const style = (open, close) => (/** @type {string} */ text) =>
  useColour ? `\u001b[${open}m${text}\u001b[${close}m` : text;

export const bold = style(1, 22);
export const dim = style(2, 22);
export const red = style(31, 39);
export const green = style(32, 39);
export const yellow = style(33, 39);

/** The colours that tell the processes of one log apart. */
export const prefixColours = [36, 35, 32, 33, 34].map(code => style(code, 39));

/** @param {string} line */
export const say = line => {
  process.stdout.write(`${line}\n`);
};

/** @param {string} line */
export const warn = line => {
  process.stderr.write(`${yellow('!')} ${line}\n`);
};

/**
 * A problem whose message already says what happened and what to do, so that
 * no stack trace helps. Everything else that reaches the top is a bug and is
 * printed with its stack.
 */
export class Refusal extends Error {
  /**
   * @param {string} message what happened
   * @param {string[]} [details] further lines: what to do, the end of a log
   */
  constructor(message, details = []) {
    super(message);
    this.name = 'Refusal';
    this.details = details;
  }
}

/** @param {unknown} error */
export const sayFailure = error => {
  if (error instanceof Refusal) {
    process.stderr.write(`\n${red(bold('✖'))} ${bold(error.message)}\n`);
    for (const line of error.details) {
      process.stderr.write(`  ${line}\n`);
    }
    return;
  }
  const text = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`\n${red(bold('✖'))} ${text}\n`);
};

/**
 * Lines in a frame as wide as the longest of them.
 *
 * @param {string} title
 * @param {string[]} lines
 */
export const box = (title, lines) => {
  const visible = (/** @type {string} */ text) =>
    stripVTControlCharacters(text).length;
  const inner = Math.max(visible(title), ...lines.map(visible)) + 2;
  const row = (/** @type {string} */ text) =>
    `│ ${text}${' '.repeat(inner - 1 - visible(text))}│`;
  return [
    `╭${'─'.repeat(inner)}╮`,
    row(bold(title)),
    `├${'─'.repeat(inner)}┤`,
    ...lines.map(row),
    `╰${'─'.repeat(inner)}╯`,
  ].join('\n');
};
