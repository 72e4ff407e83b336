import { createApiKeySchema } from './apiKeys';
import { endpoints } from './endpoints';
import { createPriceSchema } from './prices';
import { createProviderSchema } from './providers';
import { usageQuerySchema } from './usage';

function messages(result: {
  success: boolean;
  error?: { issues: Array<{ path: PropertyKey[]; message: string }> };
}): string[] {
  return (result.error?.issues ?? []).map(
    issue => `${issue.path.join('.')}: ${issue.message}`,
  );
}

describe('endpoints', () => {
  it('give every operation a path and method of its own', () => {
    const all = Object.values(endpoints);
    expect(new Set(all.map(e => `${e.method} ${e.path}`)).size).toBe(
      all.length,
    );
    for (const [name, endpoint] of Object.entries(endpoints)) {
      expect(endpoint.operationId).toBe(name);
    }
  });

  it('declare every parameter of their path', () => {
    for (const endpoint of Object.values(endpoints)) {
      const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(m => m[1]);
      const declared =
        'params' in endpoint ? Object.keys(endpoint.params.shape) : [];
      expect(declared).toEqual(inPath);
    }
  });
});

describe('a price', () => {
  const price = (input: string) =>
    createPriceSchema.safeParse({ amounts: { input, output: '1' } });

  it.each(['0', '0.15', '1000000', '0.000000001'])('may be %s', input => {
    expect(price(input).success).toBe(true);
  });

  it.each([
    ['-1', 'amounts.input: A price cannot be negative'],
    ['0.0000000001', 'amounts.input: Use at most nine digits after the point'],
    ['1000000.01', 'amounts.input: A price cannot be more than 1,000,000'],
    ['1e3', 'amounts.input: Enter an amount in dollars'],
  ])('may not be %s', (input, message) => {
    expect(messages(price(input))).toEqual([expect.stringContaining(message)]);
  });
});

describe('a provider', () => {
  const provider = (change: object) =>
    createProviderSchema.safeParse({
      name: 'openai',
      title: 'OpenAI',
      kind: 'openai',
      baseUrl: 'https://api.openai.com/v1',
      ...change,
    });

  it.each([
    [{ baseUrl: 'ftp://example.com' }, 'baseUrl: Use an http or https URL'],
    [
      { baseUrl: 'https://me:pw@example.com/v1' },
      'baseUrl: Leave credentials out of the URL',
    ],
    [{ baseUrl: 'https://example.com/v1?key=1' }, 'baseUrl: Leave out'],
    [{ baseUrl: 'example' }, 'baseUrl: Enter a URL'],
    [{ secretRef: 'sk-proj-abc' }, 'secretRef: Name an environment variable'],
    [{ name: 'Open AI' }, 'name: Use lower-case letters'],
    [{ colour: 'red' }, 'Unrecognized key'],
  ])('refuses %j', (change, message) => {
    expect(messages(provider(change))).toEqual([
      expect.stringContaining(message),
    ]);
  });
});

describe('an API key', () => {
  it('is the caller’s own and allows every model unless it says otherwise', () => {
    expect(createApiKeySchema.parse({ label: 'x', projectId: 'p' })).toEqual({
      label: 'x',
      projectId: 'p',
      owner: { kind: 'user' },
      modelScope: null,
      expiresAt: null,
    });
  });

  it('is not widened by an empty list of models', () => {
    expect(
      messages(
        createApiKeySchema.safeParse({
          label: 'x',
          projectId: 'p',
          modelScope: [],
        }),
      ),
    ).toEqual(['modelScope: Choose at least one model, or allow every model']);
  });
});

describe('a usage query', () => {
  it('refuses a time zone that does not exist', () => {
    expect(
      messages(
        usageQuerySchema.safeParse({
          from: '2026-01-01T00:00:00Z',
          to: '2026-01-02T00:00:00Z',
          timeZone: 'Mars/Olympus',
        }),
      ),
    ).toEqual([expect.stringContaining('Name an IANA time zone')]);
  });
});
