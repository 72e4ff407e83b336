import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipString,
} from './jsonSkip';
import { textOf } from './jsonText';

/** An object, with the name of the member that is read, or an array, with the number of its element. */
interface Open {
  readonly isObject: boolean;
  /** Whether a name is next. */
  isNameDue: boolean;
  nameStart: number;
  nameEnd: number;
  index: number;
}

/**
 * The path to the member whose name starts at an offset, as programs write it: `messages[0].role`. Reads the text anew, for those who have
 * found something wrong there.
 *
 * @param bytes - JSON that is valid up to the end of that name
 */
export function pathAt(
  bytes: Uint8Array,
  from: number,
  offset: number,
): string {
  const opened: Open[] = [];
  let at = from;
  while (at <= offset) {
    const byte = bytes[at];
    const innermost = opened.at(-1);
    if (byte === QUOTE) {
      const end = skipString(bytes, at, bytes.length);
      if (innermost?.isNameDue) {
        innermost.isNameDue = false;
        innermost.nameStart = at;
        innermost.nameEnd = end;
      }
      at = end;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      const isObject = byte === OPEN_BRACE;
      opened.push({
        isObject,
        isNameDue: isObject,
        nameStart: 0,
        nameEnd: 0,
        index: 0,
      });
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      opened.pop();
    } else if (byte === COMMA && innermost) {
      innermost.isNameDue = innermost.isObject;
      innermost.index += 1;
    }
    at += 1;
  }
  return opened
    .map(({ isObject, nameStart, nameEnd, index }, depth) => {
      if (!isObject) return `[${index}]`;
      const name = textOf(bytes, nameStart, nameEnd);
      return depth === 0 ? name : `.${name}`;
    })
    .join('');
}
