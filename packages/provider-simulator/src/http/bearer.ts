import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the header is `Bearer <key>`, in a time that does not depend on where they differ. */
export function isBearer(header: string | undefined, key: string): boolean {
  const match = /^Bearer (.+)$/i.exec(header ?? '');
  return match !== null && timingSafeEqual(digest(match[1]), digest(key));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
