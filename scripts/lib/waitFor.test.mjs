// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from './terminal.mjs';
import { waitFor } from './waitFor.mjs';

const patient = { deadlineMs: 10_000, everyMs: 1 };

test('asks again after failures until there is an answer', async () => {
  let asked = 0;
  const answer = await waitFor(
    'It',
    async () => {
      asked += 1;
      if (asked < 3) throw new Error('not yet');
      return asked < 5 ? undefined : 'here';
    },
    { ...patient, signal: new AbortController().signal },
  );
  assert.equal(answer, 'here');
});

test('says at the deadline what was asked and why the last try failed', async () => {
  await assert.rejects(
    waitFor(
      'The oven',
      async () => {
        throw new Error('cold', { cause: new Error('no gas') });
      },
      { deadlineMs: 20, everyMs: 1, signal: new AbortController().signal },
    ),
    error =>
      error instanceof Refusal &&
      /The oven did not answer/.test(error.message) &&
      /cold: no gas/.test(error.details.join()),
  );
});

test('does not ask again after a refusal that no waiting will change', async () => {
  let asked = 0;
  await assert.rejects(
    waitFor(
      'It',
      async () => {
        asked += 1;
        throw new Refusal('Wrong password');
      },
      { ...patient, signal: new AbortController().signal },
    ),
    /Wrong password/,
  );
  assert.equal(asked, 1);
});

test('gives up at once, with the reason, when it is told to', async () => {
  const controller = new AbortController();
  const waiting = waitFor('It', async () => undefined, {
    ...patient,
    signal: controller.signal,
  });
  controller.abort(new Error('the server crashed'));
  await assert.rejects(waiting, /the server crashed/);
});
