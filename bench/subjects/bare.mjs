// @ts-check
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pinning } from '../lib/machine.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { findPort } from '../../scripts/lib/ports.mjs';
import { ready } from './subject.mjs';

/** @type {import('./subject.mjs').Subject} */
export const bare = {
  name: 'bare',
  title: 'bare Node',
  start: async bench => {
    const port = await findPort(21_200);
    const started = bench.processes.start('bare', [
      ...pinning('subject', bench.pinned),
      process.execPath,
      fileURLToPath(new URL('./bare.server.mjs', import.meta.url)),
      String(port),
      bench.upstream,
    ]);
    const undici = JSON.parse(
      readFileSync(inRoot('node_modules', 'undici', 'package.json'), 'utf8'),
    );
    return ready(
      {
        version: `Node ${process.versions.node}, undici ${undici.version}`,
        settings: 'node:http and undici, bytes passed through, nothing else',
        url: `http://127.0.0.1:${port}/v1/chat/completions`,
        model: 'bench',
        headers: { authorization: 'Bearer bench' },
        roots: () => [started.pid],
        helpers: () => ({}),
      },
      started,
      'node bare.server.mjs',
    );
  },
};
