// @ts-check
/** What is asked: a question of some 200 bytes, as small requests are. */
const messages = [
  {
    role: 'system',
    content: 'You answer in one sentence and say nothing else.',
  },
  { role: 'user', content: 'Why is the sky blue?' },
];

/** @param {string} model */
export const shortBody = model => JSON.stringify({ model, messages });

/** @param {string} model */
export const streamBody = model =>
  JSON.stringify({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
