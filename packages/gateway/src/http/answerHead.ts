import type { Exchange } from './exchange';

/** Names and values of headers, in turn: what Node writes as they are, without an object in between. */
export type FlatHeaders = readonly string[];

const NONE: FlatHeaders = [];

type Answering = Pick<Exchange, 'res' | 'headers'>;

/** Adds headers to whatever is answered; each name once. */
export function addHeaders(
  { headers }: Pick<Answering, 'headers'>,
  more: Readonly<Record<string, string>>,
): void {
  for (const name of Object.keys(more)) headers.push(name, more[name]);
}

/** Begins an answer, with the headers that have been gathered for it and those of its own. */
export function writeHead(
  { res, headers }: Answering,
  status: number,
  own: FlatHeaders = NONE,
): void {
  for (const text of own) headers.push(text);
  res.writeHead(status, headers);
}

/** The value of a header, or nothing. */
export function headerIn(headers: FlatHeaders, name: string): string {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at] === name) return headers[at + 1];
  }
  return '';
}
