import type { ServerResponse } from 'node:http';

/** Shows every piece of a response's body to a listener, as it is written. Nothing about the response changes. */
export function tapResponse(
  res: ServerResponse,
  onBytes: (bytes: Uint8Array) => void,
): void {
  const { write, end } = res;
  const show = (chunk: unknown, encoding: unknown) => {
    if (chunk instanceof Uint8Array) onBytes(chunk);
    else if (typeof chunk === 'string') {
      onBytes(Buffer.from(chunk, isEncoding(encoding) ? encoding : 'utf8'));
    }
  };
  res.write = (...args: unknown[]): boolean => {
    show(args[0], args[1]);
    return Reflect.apply(write, res, args);
  };
  // `end` does not go by way of `write`, so that nothing is shown twice.
  res.end = (...args: unknown[]): ServerResponse => {
    show(args[0], args[1]);
    return Reflect.apply(end, res, args);
  };
}

function isEncoding(value: unknown): value is BufferEncoding {
  return typeof value === 'string' && Buffer.isEncoding(value);
}
