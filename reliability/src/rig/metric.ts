/**
 * The value of a metric in Prometheus's text, its sets of labels added up.
 *
 * @returns `NaN` when there is none of that name
 */
export function metric(text: string | undefined, name: string): number {
  let sum = NaN;
  for (const line of text?.split('\n') ?? []) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line);
    if (match?.[1] !== name) continue;
    sum = (Number.isNaN(sum) ? 0 : sum) + Number(match[2]);
  }
  return sum;
}
