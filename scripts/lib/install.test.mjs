// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { yarnProgress } from './install.mjs';

test("shows the steps of Yarn's log and none of its warnings", () => {
  const log = [
    '➤ YN0000: · Yarn 4.18.1',
    '➤ YN0000: ┌ Resolution step',
    '➤ YN0002: │ app@workspace:packages/app doesn’t provide a step',
    '➤ YN0000: └ Completed in 0s 665ms',
    '➤ YN0000: └ Completed',
    '➤ YN0000: · Done with warnings in 37s 720ms',
  ];
  assert.deepEqual(log.map(yarnProgress).filter(Boolean), [
    'Yarn 4.18.1',
    'Resolution step',
    'Completed in 0s 665ms',
    'Done with warnings in 37s 720ms',
  ]);
});
