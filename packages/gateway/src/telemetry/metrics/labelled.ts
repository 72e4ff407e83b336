/** The values of labels, by their names. */
export function labelled<L extends string>(
  names: readonly L[],
  values: readonly string[],
): Partial<Record<L, string>> {
  const labels: Partial<Record<L, string>> = {};
  names.forEach((name, i) => {
    labels[name] = values[i];
  });
  return labels;
}
