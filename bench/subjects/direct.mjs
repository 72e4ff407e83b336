// @ts-check
/** No gateway at all: what the load and the upstream take by themselves. */
export const direct = {
  name: 'direct',
  title: 'direct',
  /** @param {import('./subject.mjs').Bench} bench */
  start: async bench => ({
    version: null,
    settings: 'no gateway; the ceiling of load and upstream',
    url: `${bench.upstream}/v1/chat/completions`,
    model: 'bench',
    headers: {},
    roots: () => [],
    helpers: () => ({}),
  }),
};
