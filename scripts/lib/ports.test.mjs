// @ts-check
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { choosePorts, findPort, isPortFree } from './ports.mjs';

/** @param {string} host */
const listen = async host => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (
    server.address()
  );
  return { port, close: () => server.close() };
};

for (const host of ['127.0.0.1', '0.0.0.0']) {
  test(`passes over a port that somebody has on ${host}`, async t => {
    const taken = await listen(host);
    t.after(taken.close);
    assert.equal(await isPortFree(taken.port), false);
    assert.ok((await findPort(taken.port)) > taken.port);
  });
}

test('never gives one port to two', async () => {
  const free = await findPort(45_000);
  const { first, second } = await choosePorts({ first: free, second: free });
  assert.notEqual(first, second);
});
