// @ts-check
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinning } from '../lib/machine.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { findPort } from '../../scripts/lib/ports.mjs';
import { ready } from './subject.mjs';

/**
 * @param {{ name: string, title: string, settings: string, file: string | null }} kind
 * @returns {import('./subject.mjs').Subject}
 */
const bareOf = ({ name, title, settings, file }) => ({
  name,
  title,
  start: async bench => {
    const port = await findPort(21_200);
    const started = bench.processes.start(name, [
      ...pinning('subject', bench.pinned),
      process.execPath,
      fileURLToPath(new URL('./bare.server.mjs', import.meta.url)),
      String(port),
      bench.upstream,
      ...(file ? [path.join(bench.directory, file)] : []),
    ]);
    const undici = JSON.parse(
      readFileSync(inRoot('node_modules', 'undici', 'package.json'), 'utf8'),
    );
    return ready(
      {
        version: `Node ${process.versions.node}, undici ${undici.version}`,
        settings,
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
});

export const bare = bareOf({
  name: 'bare',
  title: 'bare Node',
  settings: 'node:http and undici, bytes passed through, nothing else',
  file: null,
});

/** The least that anyone pays who has written down what an answer cost before it ends. */
export const bareDurable = bareOf({
  name: 'bare-durable',
  title: 'bare Node that writes to the disk',
  settings:
    'the same, but answers with a length are read whole, as this gateway does, which costs Node less than to pass pieces on; and of each answer 800 bytes are written through to the disk before it ends, together with those of answers that end meanwhile',
  file: 'records',
});
