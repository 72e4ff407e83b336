/** Far more than anybody configures. */
const MAX_REMEMBERED = 1_000;

/** A function whose results are remembered: for what is configured once and asked for with each request. */
export function remembered<T>(
  compute: (name: string) => T,
): (name: string) => T {
  const known = new Map<string, T>();
  return name => {
    let result = known.get(name);
    if (result === undefined) {
      if (known.size >= MAX_REMEMBERED) known.clear();
      result = compute(name);
      known.set(name, result);
    }
    return result;
  };
}
