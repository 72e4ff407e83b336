import {
  AddressPolicy,
  SecretResolver,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { IncomingMessage, RequestListener } from 'node:http';
import { startOpenAiServer } from '../__testUtils__/openAiServer';
import { ConnectionTester } from './ConnectionTester';

const SECRET = 'sk-very-secret';

const tester = ConnectionTester.create({
  addresses: AddressPolicy.create({ allowPrivateAddresses: true }),
  secrets: SecretResolver.create({
    env: { ACME_API_KEY: SECRET, BROKEN_API_KEY: 'two\nlines' },
    allowedEnvironment: ['*_API_KEY'],
  }),
  timeoutMs: 400,
});

async function testAgainst(
  listener: RequestListener | undefined,
  secretRef: string | null = 'env://ACME_API_KEY',
) {
  const requests: IncomingMessage[] = [];
  const server = await startOpenAiServer(
    listener &&
      ((req, res) => {
        requests.push(req);
        listener(req, res);
      }),
  );
  try {
    const result = await tester.test({
      kind: 'openai',
      baseUrl: server.url,
      secretRef,
      settings: {},
    });
    expect(JSON.stringify(result)).not.toContain(SECRET);
    return { ...result, requests };
  } finally {
    await server.close();
  }
}

describe('ConnectionTester', () => {
  it('asks for the models with the secret, and names them', async () => {
    const { ok, models, failure, latencyMs, requests } = await testAgainst(
      (_req, res) => res.end('{"data":[{"id":"a","extra":1},{"id":"b"}]}'),
    );
    expect({ ok, models, failure }).toEqual({
      ok: true,
      models: ['a', 'b'],
      failure: null,
    });
    expect(latencyMs).toBeGreaterThanOrEqual(0);
    expect(requests[0].url).toBe('/v1/models');
    expect(requests[0].headers.authorization).toBe(`Bearer ${SECRET}`);
  });

  it('sends no credential to a provider without a secret', async () => {
    const { requests } = await testAgainst(
      (_req, res) => res.end('{"data":[]}'),
      null,
    );
    expect(requests[0].headers.authorization).toBeUndefined();
  });

  it('names at most a thousand models', async () => {
    const data = Array.from({ length: 1500 }, (_, i) => ({ id: `m${i}` }));
    const { models } = await testAgainst((_req, res) =>
      res.end(JSON.stringify({ data })),
    );
    expect(models).toHaveLength(1000);
  });

  it.each<[string, string, RequestListener]>([
    ['unauthorized', 'a 401', (_req, res) => res.writeHead(401).end('leak')],
    ['unauthorized', 'a 403', (_req, res) => res.writeHead(403).end('leak')],
    [
      'unexpected_status',
      'a redirect',
      (_req, res) => res.writeHead(302, { location: '/v1/leak' }).end('leak'),
    ],
    [
      'unexpected_status',
      'a 404',
      (_req, res) => res.writeHead(404).end('leak'),
    ],
    [
      'unexpected_status',
      'a 500',
      (_req, res) => res.writeHead(500).end('leak'),
    ],
    ['unexpected_body', 'a page', (_req, res) => res.end('<p>leak</p>')],
    ['unexpected_body', 'other JSON', (_req, res) => res.end('{"leak":1}')],
    [
      'unexpected_body',
      'a flood',
      (_req, res) => res.end('x'.repeat(3_000_000)),
    ],
    ['timeout', 'silence', () => {}],
    [
      'timeout',
      'an answer that stops in the middle',
      (_req, res) => res.write('{"data":['),
    ],
    ['unreachable', 'a hang-up', req => req.socket.destroy()],
  ])('tells %s from %s, without repeating it', async (failure, _, listener) => {
    const result = await testAgainst(listener);
    expect(result).toMatchObject({ ok: false, failure, models: [] });
    expect(result.message).not.toContain('leak');
    expect(result.message).not.toBe('');
  });

  it('tells a port where nothing listens', async () => {
    const server = await startOpenAiServer();
    await server.close();
    expect(
      await tester.test({
        kind: 'vllm',
        baseUrl: server.url,
        secretRef: null,
        settings: {},
      }),
    ).toMatchObject({
      failure: 'unreachable',
      message: expect.stringContaining('Nothing listens'),
    });
  });

  it.each([
    ['env://MISSING_API_KEY', 'is not set'],
    ['env://DATABASE_PASSWORD', 'may not be used'],
    ['env://BROKEN_API_KEY', 'characters that no API key has'],
  ])(
    'connects to nobody when the secret %s cannot be had',
    async (ref, why) => {
      const { failure, message, requests } = await testAgainst(
        (_req, res) => res.end(),
        ref,
      );
      expect(failure).toBe('secret_missing');
      expect(message).toContain(why);
      expect(requests).toEqual([]);
    },
  );

  it("says that an identity of the machine is the gateway's alone", async () => {
    expect(
      await tester.test({
        kind: 'azure-openai',
        baseUrl: 'http://127.0.0.1:9',
        secretRef: null,
        settings: { auth: 'managed-identity' },
      }),
    ).toMatchObject({
      ok: false,
      failure: 'secret_missing',
      message: expect.stringContaining('identity'),
    });
  });

  it('judges a name by what it resolves to when it connects', async () => {
    const server = await startOpenAiServer();
    const strict = ConnectionTester.create({
      // `checkUrl` alone would let a name pass that a name server points at this machine.
      addresses: Object.assign(
        AddressPolicy.create({ allowPrivateAddresses: false }),
        { checkUrl: () => ({ ok: true }) },
      ),
      secrets: SecretResolver.create({ env: {}, allowedEnvironment: [] }),
    });
    try {
      const result = await strict.test({
        kind: 'openai',
        baseUrl: server.url.replace('127.0.0.1', 'localhost'),
        secretRef: null,
        settings: {},
      });
      expect(result).toMatchObject({ ok: false, failure: 'address_refused' });
    } finally {
      await server.close();
    }
  });
});
