/**
 * How long to wait before a retry: anything up to a bound that doubles each time, so that those who failed together do not come back
 * together ("full jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param retry - from 1 on
 * @param random - from 0 to just below 1
 */
export function backoffMs(
  retry: number,
  random: number,
  settings: { readonly backoffMs: number; readonly maxBackoffMs: number },
): number {
  const most = Math.min(
    settings.maxBackoffMs,
    settings.backoffMs * 2 ** (retry - 1),
  );
  return Math.floor(random * most);
}
