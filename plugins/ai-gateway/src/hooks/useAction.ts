import { useCallback, useEffect, useRef, useState } from 'react';
import { asError } from './asError';

/**
 * Something that a button does: busy while it runs, and the error when it fails. A second call while it runs does nothing, so that a
 * double click acts once.
 */
export function useAction<A extends unknown[]>(
  act: (...args: A) => Promise<void>,
): {
  run: (...args: A) => Promise<void>;
  busy: boolean;
  error: Error | undefined;
  clearError: () => void;
} {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const running = useRef(false);
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });

  const run = useCallback(async (...args: A) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await latest.current(...args);
    } catch (thrown) {
      setError(asError(thrown));
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  const clearError = useCallback(() => setError(undefined), []);

  return { run, busy, error, clearError };
}
