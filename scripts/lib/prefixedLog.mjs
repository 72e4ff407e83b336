// @ts-check
import { prefixColours } from './terminal.mjs';

/**
 * One log of many processes: each line begins with who says it.
 *
 * @param {(line: string) => void} write
 * @returns {(name: string, line: string) => void}
 */
export const prefixedLog = write => {
  /** @type {Map<string, (text: string) => string>} */
  const colours = new Map();
  return (name, line) => {
    const colour =
      colours.get(name) ?? prefixColours[colours.size % prefixColours.length];
    colours.set(name, colour);
    write(`${colour(`${name.padEnd(9)} │`)} ${line}`);
  };
};
