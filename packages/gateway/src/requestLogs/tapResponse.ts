import type { ServerResponse } from 'node:http';

/** Shows every piece of a response's body to a listener, as it is written. Nothing about the response changes. */
export function tapResponse(
  res: ServerResponse,
  onBytes: (bytes: Uint8Array) => void,
): void {
  const { write, end } = res;
  const show = (chunk: unknown) => {
    if (chunk instanceof Uint8Array) onBytes(chunk);
    else if (typeof chunk === 'string') onBytes(Buffer.from(chunk));
  };
  res.write = (...args: unknown[]): boolean => {
    show(args[0]);
    return Reflect.apply(write, res, args);
  };
  // `end` does not go by way of `write`, so that nothing is shown twice.
  res.end = (...args: unknown[]): ServerResponse => {
    show(args[0]);
    return Reflect.apply(end, res, args);
  };
}
