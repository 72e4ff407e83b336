// @ts-check
/**
 * The fixed bytes that the upstream answers with, in the shape of OpenAI's chat completions.
 */

const created = 1_764_000_000;
const model = 'bench-upstream';
const usage =
  '{"prompt_tokens":19,"completion_tokens":24,"total_tokens":43,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}';

/** A whole answer of some 600 bytes. */
const completion = `{"id":"chatcmpl-bench","object":"chat.completion","created":${created},"model":"${model}","choices":[{"index":0,"message":{"role":"assistant","content":"The sky is blue because air scatters short waves of light more than long ones, and so blue comes from everywhere.","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":${usage},"service_tier":"default","system_fingerprint":"fp_bench"}`;

/** @param {string} body @param {string} type */
const whole = (body, type) =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nx-request-id: bench\r\n\r\n${body}`,
  );

export const shortAnswer = whole(completion, 'application/json');

/** For whoever looks around before it asks. */
export const listAnswer = whole(
  `{"object":"list","data":[{"id":"${model}","object":"model","created":${created},"owned_by":"bench"}]}`,
  'application/json',
);

export const streamHead = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\nx-request-id: bench\r\n\r\n',
);

/** @param {string} payload one event, as one chunk of HTTP */
const event = payload => {
  const text = `data: ${payload}\n\n`;
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
};

/** @param {string} choices @param {string} told of the usage */
const chunk = (choices, told) =>
  event(
    `{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":${created},"model":"${model}","service_tier":"default","system_fingerprint":"fp_bench","choices":[${choices}]${told}}`,
  );

/** @param {string} delta @param {string} finish */
const choice = (delta, finish) =>
  `{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}`;

/**
 * The pieces of a stream. One that is asked for its usage has it in a last chunk of its own, and `null` in all others, as OpenAI's have.
 *
 * @param {boolean} withUsage
 */
export const streamPieces = withUsage => {
  const none = withUsage ? ',"usage":null' : '';
  return {
    first: Buffer.from(
      chunk(choice('{"role":"assistant","content":""}', 'null'), none),
    ),
    token: Buffer.from(chunk(choice('{"content":" scatters"}', 'null'), none)),
    end: Buffer.from(
      [
        chunk(choice('{}', '"stop"'), none),
        withUsage ? chunk('', `,"usage":${usage}`) : '',
        event('[DONE]'),
        '0\r\n\r\n',
      ].join(''),
    ),
  };
};
