import { HI, prepare } from './__testUtils__/preparing';
import { anthropic } from './anthropic';
import { openai } from './openai';

describe('what cannot be translated is refused by the name that the client gave it', () => {
  const image = (url: string) => ({
    role: 'user',
    content: [{ type: 'image_url', image_url: { url } }],
  });
  it.each([
    [{ n: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ seed: 7 }, 'seed'],
    [{ presence_penalty: 0.5 }, 'presence_penalty'],
    [{ logit_bias: { 1: 1 } }, 'logit_bias'],
    [{ temperature: 1.5 }, 'temperature'],
    [{ modalities: ['audio'] }, 'modalities'],
    [{ audio: { voice: 'x' } }, 'audio'],
    [{ functions: [{ name: 'f' }] }, 'functions'],
    [{ verbosity: 'low' }, 'verbosity'],
    [{ web_search_options: {} }, 'web_search_options'],
    [{ response_format: { type: 'json_object' } }, 'response_format'],
    [{ messages: [image('http://x/y.png')] }, 'messages[0].content[0]'],
    [
      { messages: [image('data:image/tiff;base64,AAAA')] },
      'messages[0].content[0]',
    ],
    [{ messages: [{ ...HI[0], name: 'bob' }] }, 'messages[0].name'],
    [
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'input_audio', input_audio: {} }],
          },
        ],
      },
      'messages[0].content[0].type',
    ],
    [
      {
        messages: [
          ...HI,
          { role: 'assistant', content: 'So', reasoning_content: 'Hm' },
          ...HI,
        ],
      },
      'messages[1].reasoning_content',
    ],
    [
      { messages: [...HI, { role: 'system', content: 'Be brief' }, ...HI] },
      'messages[1]',
    ],
    [{ tools: [{ type: 'custom', custom: {} }] }, 'tools[0].type'],
    [{ never_heard_of: 1 }, 'never_heard_of'],
  ])("OpenAI's %j for Anthropic: %s", (more, param) => {
    const body = { model: 'm', messages: HI, ...more };
    expect(prepare(anthropic, body)).toMatchObject({
      kind: 'refused',
      refusal: { status: 400, code: 'unsupported_parameter', param },
    });
  });

  it.each([
    [{ top_k: 5 }, 'top_k'],
    [{ thinking: { type: 'enabled', budget_tokens: 2_048 } }, 'thinking'],
    [{ container: 'c' }, 'container'],
    [{ mcp_servers: [] }, 'mcp_servers'],
    [{ tools: [{ type: 'bash_20250124', name: 'bash' }] }, 'tools[0].type'],
    [{ stop_sequences: ['a', 'b', 'c', 'd', 'e'] }, 'stop_sequences'],
    [
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'document', source: { type: 'text', data: 'x' } },
            ],
          },
        ],
      },
      'messages[0].content[0].source.type',
    ],
    [
      { messages: [...HI, { role: 'assistant', content: 'So' }] },
      'messages[1]',
    ],
    [
      {
        messages: [
          ...HI,
          {
            role: 'assistant',
            content: [{ type: 'redacted_thinking', data: 'x' }],
          },
          ...HI,
        ],
      },
      'messages[1].content[0]',
    ],
  ])("Anthropic's %j for OpenAI: %s", (more, param) => {
    const body = { model: 'm', max_tokens: 10, messages: HI, ...more };
    expect(prepare(openai, body)).toMatchObject({
      kind: 'refused',
      refusal: { status: 400, code: 'unsupported_parameter', param },
    });
  });
});
