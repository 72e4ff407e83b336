// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const source = `
  import { onShutdownSignal } from './scripts/lib/shutdown.mjs';
  const signal = onShutdownSignal({
    onFirst: name => console.log('first ' + name),
    onInsisted: () => process.exit(9),
  });
  signal.addEventListener('abort', () => setTimeout(process.exit, 100, 0));
  setInterval(() => {}, 1000);
  console.log('up');
`;

test('takes a signal that arrives by two ways as one', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, npm_lifecycle_event: '' },
  });
  let said = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    said += chunk;
    if (said === 'up\n') {
      child.kill('SIGINT');
    } else if (said.endsWith('first SIGINT\n')) {
      child.kill('SIGINT');
    }
  }
  if (child.exitCode === null) await once(child, 'exit');
  assert.equal(said, 'up\nfirst SIGINT\n');
  assert.equal(child.exitCode, 0);
});
