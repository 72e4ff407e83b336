import { useRef } from 'react';
import { makeIdempotencyKey } from './idempotencyKey';

/**
 * Names what is sent, so that a repetition makes one thing: the same body is sent under the same key as often as it takes; a body that
 * was changed after a failure is another request, and gets another key.
 */
export function useIdempotencyKey(): (body: unknown) => string {
  const last = useRef<{ text: string; key: string } | undefined>(undefined);
  return body => {
    const text = JSON.stringify(body);
    if (last.current?.text !== text) {
      last.current = { text, key: makeIdempotencyKey() };
    }
    return last.current.key;
  };
}
