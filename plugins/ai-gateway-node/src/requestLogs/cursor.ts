import { InputError } from '@backstage/errors';

/** The place after which a page starts: the last row of the page before. */
export interface RequestLogCursor {
  readonly occurredAt: number;
  readonly requestId: string;
}

/** Writes a cursor as one opaque word. */
export function encodeCursor(cursor: RequestLogCursor): string {
  return Buffer.from(
    JSON.stringify([cursor.occurredAt, cursor.requestId]),
  ).toString('base64url');
}

/** @throws InputError when the text is no cursor */
export function decodeCursor(text: string): RequestLogCursor {
  const [occurredAt, requestId] = parse(text);
  if (!Number.isSafeInteger(occurredAt) || typeof requestId !== 'string') {
    throw new InputError('The cursor is not one of a page of request logs');
  }
  return { occurredAt: Number(occurredAt), requestId };
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(text, 'base64url').toString(),
    );
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
