import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the header is `Bearer <key>`, in a time that does not depend on where they differ. */
export function isBearer(header: string | undefined, key: string): boolean {
  const match = /^Bearer (.+)$/i.exec(header ?? '');
  return match !== null && isSecret(match[1], key);
}

/** Whether the two are equal, in a time that does not depend on where they differ. */
export function isSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
