/** What a snippet calls. */
export interface SnippetTarget {
  /** The base URL that an OpenAI SDK takes, ending in `/v1`. */
  gatewayUrl: string;
  modelId: string;
  /** The secret to paste in; an environment variable stands in for it when left out. */
  apiKey?: string;
  /** Whether the answer comes in pieces as it is generated. */
  stream: boolean;
}

/** The languages that there are snippets for. */
export const SNIPPET_LANGUAGES = ['curl', 'javascript', 'python'] as const;

/** {@inheritDoc SNIPPET_LANGUAGES} */
export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number];

/** Where snippets without a secret read it from. */
export const API_KEY_VARIABLE = 'AI_GATEWAY_API_KEY';

const PROMPT = 'Say hello in one sentence.';

/** A first call that works as pasted. */
export function snippet(
  language: SnippetLanguage,
  target: SnippetTarget,
): string {
  switch (language) {
    case 'curl':
      return curl(target);
    case 'javascript':
      return javascript(target);
    case 'python':
      return python(target);
    default: {
      const never: never = language;
      return never;
    }
  }
}

function curl({ gatewayUrl, modelId, apiKey, stream }: SnippetTarget): string {
  return [
    `curl ${stream ? '--no-buffer ' : ''}${gatewayUrl}/chat/completions \\`,
    `  -H "Authorization: Bearer ${apiKey ?? `$${API_KEY_VARIABLE}`}" \\`,
    '  -H "Content-Type: application/json" \\',
    "  -d '{",
    `    "model": "${modelId}",`,
    ...(stream ? ['    "stream": true,'] : []),
    `    "messages": [{"role": "user", "content": "${PROMPT}"}]`,
    "  }'",
  ].join('\n');
}

function javascript(target: SnippetTarget): string {
  const { gatewayUrl, modelId, apiKey, stream } = target;
  return [
    '// npm install openai',
    "import OpenAI from 'openai';",
    '',
    'const client = new OpenAI({',
    `  baseURL: '${gatewayUrl}',`,
    `  apiKey: ${apiKey ? `'${apiKey}'` : `process.env.${API_KEY_VARIABLE}`},`,
    '});',
    '',
    `const ${stream ? 'stream' : 'completion'} = await client.chat.completions.create({`,
    `  model: '${modelId}',`,
    ...(stream ? ['  stream: true,'] : []),
    `  messages: [{ role: 'user', content: '${PROMPT}' }],`,
    '});',
    ...(stream
      ? [
          'for await (const chunk of stream) {',
          "  process.stdout.write(chunk.choices[0]?.delta?.content ?? '');",
          '}',
        ]
      : ['console.log(completion.choices[0].message.content);']),
  ].join('\n');
}

function python(target: SnippetTarget): string {
  const { gatewayUrl, modelId, apiKey, stream } = target;
  return [
    '# pip install openai',
    ...(apiKey ? [] : ['import os', '']),
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url="${gatewayUrl}",`,
    `    api_key=${apiKey ? `"${apiKey}"` : `os.environ["${API_KEY_VARIABLE}"]`},`,
    ')',
    '',
    `${stream ? 'stream' : 'completion'} = client.chat.completions.create(`,
    `    model="${modelId}",`,
    ...(stream ? ['    stream=True,'] : []),
    `    messages=[{"role": "user", "content": "${PROMPT}"}],`,
    ')',
    ...(stream
      ? [
          'for chunk in stream:',
          '    if chunk.choices:',
          '        print(chunk.choices[0].delta.content or "", end="", flush=True)',
        ]
      : ['print(completion.choices[0].message.content)']),
  ].join('\n');
}
