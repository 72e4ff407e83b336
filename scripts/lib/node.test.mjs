// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSupportedNode } from './node.mjs';

test('takes the Node versions that Backstage supports and no other', () => {
  assert.deepEqual(
    ['18.20.0', '20.20.2', '22.0.0', '23.1.0', '24.21.0', '25.0.0'].filter(
      isSupportedNode,
    ),
    ['22.0.0', '24.21.0'],
  );
});
