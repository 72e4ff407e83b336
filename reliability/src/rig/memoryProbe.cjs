// @ts-check
/**
 * Loaded into a gateway before its own code: tells its memory, after a collection of garbage, to whoever started it and asks.
 * Needs `--expose-gc`.
 */
const { setTimeout: delay } = require('node:timers/promises');

process.on('message', async question => {
  if (question !== 'memory') return;
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await delay(20);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, heapUsed, external });
});
// Nobody's reason to go on running.
process.channel?.unref();
