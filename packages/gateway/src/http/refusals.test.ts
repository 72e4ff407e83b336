import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { generateApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { TestDatabases } from '@backstage/backend-test-utils';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import OpenAI from 'openai';
import { eventually } from '../__testUtils__/eventually';
import { startTestGateway } from '../__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from '../__testUtils__/TestControlPlane';
import type { RunningGateway } from '../app';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const MAX_BYTES = 100_000;
const BODY = JSON.stringify({
  model: 'house-model',
  messages: [{ role: 'user', content: 'Hi' }],
});

describe('what the gateway refuses', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let gateway: RunningGateway;
  let key: TestKey;
  let scopedKey: TestKey;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    const providerId = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('house-model', {
      providerId,
      upstreamModel: 'sim-instant',
    });
    await plane.addModel('other-model', {
      providerId,
      upstreamModel: 'sim-instant',
    });
    await plane.addModel('hidden-model', {
      providerId,
      upstreamModel: 'sim-instant',
      published: false,
    });
    key = await plane.addKey();
    scopedKey = await plane.addKey({ modelScope: ['other-model'] });
    const settings = {
      maxRequestBytes: MAX_BYTES,
      client: {
        headersTimeoutMs: 300,
        requestTimeoutMs: 60_000,
        bodyIdleTimeoutMs: 300,
        stallTimeoutMs: 60_000,
        keepAliveMs: 15_000,
      },
    };
    gateway = await startTestGateway({ knex: plane.knex, settings });
  });

  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
  });

  const call = async (options: {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
  }) => {
    const method = options.method ?? 'POST';
    const response = await fetch(
      gateway.url + (options.path ?? '/v1/chat/completions'),
      {
        method,
        headers: {
          authorization: `Bearer ${key.apiKey}`,
          'content-type': 'application/json',
          ...options.headers,
        },
        body: method === 'POST' ? (options.body ?? BODY) : undefined,
      },
    );
    const { error } = (await response.json()) as {
      error: Record<string, unknown>;
    };
    return { response, error };
  };

  it('tells every refusal in the shape that the SDKs read, with an id to quote', async () => {
    const { response, error } = await call({
      headers: { authorization: '', 'x-request-id': 'my-own-id' },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-request-id')).toBe('my-own-id');
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(error).toEqual({
      message: expect.stringContaining('Authorization: Bearer aigw_'),
      type: 'authentication_error',
      param: null,
      code: 'missing_api_key',
      request_id: 'my-own-id',
    });
  });

  it('makes an id of its own where a client sends none that is sane', async () => {
    const { response } = await call({
      headers: { authorization: '', 'x-request-id': 'a b<script>' },
    });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  describe('keys', () => {
    const unknown = generateApiKey().apiKey;
    const typo = (apiKey: string) =>
      apiKey.slice(0, -1) + (apiKey.endsWith('0') ? '1' : '0');

    it.each([
      ['', 'missing_api_key'],
      ['Basic dXNlcjpwYXNz', 'malformed_api_key'],
      ['Bearer sk-something', 'malformed_api_key'],
      [`Bearer ${unknown} `, 'unknown_api_key'],
      [`Bearer ${typo(unknown)}`, 'api_key_checksum_mismatch'],
      [`Bearer ${unknown}x`, 'malformed_api_key'],
    ])('%j is a %s', async (authorization, code) => {
      const { response, error } = await call({ headers: { authorization } });
      expect(response.status).toBe(401);
      expect(error.code).toBe(code);
      expect(JSON.stringify(error)).not.toContain(unknown.slice(10, 40));
    });

    it('raises the error of authentication in the official SDK', async () => {
      const client = new OpenAI({
        baseURL: `${gateway.url}/v1`,
        apiKey: unknown,
        maxRetries: 0,
      });
      await expect(client.models.list()).rejects.toBeInstanceOf(
        OpenAI.AuthenticationError,
      );
    });
  });

  describe('models', () => {
    it.each(['no-such-model', 'hidden-model', 'HOUSE-MODEL'])(
      'does not find %s, and names no other',
      async model => {
        const { response, error } = await call({
          body: BODY.replace('house-model', model),
        });
        expect(response.status).toBe(404);
        expect(error).toMatchObject({
          code: 'model_not_found',
          param: 'model',
          message: expect.stringContaining(`'${model}'`),
        });
        expect(error.message).not.toContain('house-model');
      },
    );

    it('gives a key that may not call a model the same answer as for one that is not there', async () => {
      const headers = { authorization: `Bearer ${scopedKey.apiKey}` };
      const outOfScope = await call({ headers });
      const unknown = await call({
        headers,
        body: BODY.replace('house-model', 'no-such-model'),
      });
      const plain = (text: unknown) =>
        String(text).replace(/'[a-z-]+'/, "'MODEL'");
      expect(outOfScope.response.status).toBe(404);
      expect(plain(outOfScope.error.message)).toBe(
        plain(unknown.error.message),
      );
      expect(outOfScope.error.code).toBe(unknown.error.code);
    });

    it('lists and shows to a key what it may call, and nothing else', async () => {
      const list = async (apiKey: string) => {
        const client = new OpenAI({
          baseURL: `${gateway.url}/v1`,
          apiKey,
          maxRetries: 0,
        });
        return {
          client,
          ids: (await client.models.list()).data.map(m => m.id),
        };
      };
      const all = await list(key.apiKey);
      expect(all.ids).toEqual(['house-model', 'other-model']);
      const scoped = await list(scopedKey.apiKey);
      expect(scoped.ids).toEqual(['other-model']);
      expect(await all.client.models.retrieve('house-model')).toMatchObject({
        id: 'house-model',
        object: 'model',
        owned_by: 'group:default/platform',
      });
      await expect(
        scoped.client.models.retrieve('house-model'),
      ).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    });
  });

  describe('requests', () => {
    it.each([
      ['GET', '/v1/chat/completions', 405, 'method_not_allowed'],
      ['POST', '/v1/models', 405, 'method_not_allowed'],
      ['POST', '/v1/images/generations', 404, 'unknown_endpoint'],
      ['GET', '/v1/embeddings', 405, 'method_not_allowed'],
      ['GET', '/', 404, 'unknown_endpoint'],
      ['GET', '/v1/models/%E0%A4%A', 400, 'malformed_http'],
    ])('%s %s is a %i %s', async (method, path, status, code) => {
      const { response, error } = await call({ method, path });
      expect(response.status).toBe(status);
      expect(error.code).toBe(code);
    });

    it.each([
      ['text/plain', 'unsupported_media_type'],
      ['application/x-www-form-urlencoded', 'unsupported_media_type'],
      ['', 'unsupported_media_type'],
    ])('a body of type %j is a 415', async (type, code) => {
      const { response, error } = await call({
        headers: { 'content-type': type },
      });
      expect(response.status).toBe(415);
      expect(error.code).toBe(code);
    });

    it('a compressed body is a 415', async () => {
      const { response } = await call({
        headers: { 'content-encoding': 'gzip' },
      });
      expect(response.status).toBe(415);
    });

    it.each([
      ['{"model": ', 'invalid_json', null],
      ['{"model":"a","model":"b"}', 'duplicate_parameter', 'model'],
      ['{"model":"house-model"}', 'missing_parameter', 'messages'],
    ])('the body %s is a %s', async (body, code, param) => {
      const { response, error } = await call({ body });
      expect(response.status).toBe(400);
      expect(error).toMatchObject({ code, param });
    });

    it('a body over the cap is a 413 that names the cap, whether its length is told or not', async () => {
      const body = BODY.replace('Hi', 'x'.repeat(MAX_BYTES * 3));
      const told = await call({ body });
      expect(told.response.status).toBe(413);
      expect(told.error.message).toContain(String(MAX_BYTES));
      expect(await sendInPieces(body)).toMatchObject({
        status: 413,
        text: expect.stringContaining(String(MAX_BYTES)),
      });
    });

    it('a body that is just as large as the cap is taken', async () => {
      const body = BODY.replace('house-model', 'no-such-model').padEnd(
        MAX_BYTES,
      );
      const { response } = await call({ body });
      expect(response.status).toBe(404);
    });

    it('a body that stops coming is a 408', async () => {
      const answer = await rawExchange(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key.apiKey}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"model":`,
      );
      expect(answer).toContain('HTTP/1.1 408');
      expect(answer).toContain('request_timeout');
    });

    it('headers that stop coming are a 408', async () => {
      const answer = await rawExchange(
        'POST /v1/chat/completions HTTP/1.1\r\nhost:',
      );
      expect(answer).toContain('HTTP/1.1 408');
      expect(answer).toContain('request_timeout');
    });

    it('headers without an end are a 431', async () => {
      const answer = await rawExchange(
        `GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(40_000)}\r\n\r\n`,
      );
      expect(answer).toContain('HTTP/1.1 431');
    });

    it('what is not HTTP is a 400', async () => {
      const answer = await rawExchange('\u0016\u0003\u0001 hello\r\n\r\n');
      expect(answer).toContain('HTTP/1.1 400');
      expect(answer).toContain('malformed_http');
    });

    it('a client that hangs up in its body is forgotten', async () => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key.apiKey}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{`,
      );
      await new Promise(resolve => socket.once('connect', resolve));
      socket.destroy();
      await eventually(
        async () => (await call({ body: '{' })).response.status === 400,
      );
    });
  });

  it('says what it offers at /openapi.json, and that it lives and is ready', async () => {
    const get = async (path: string) =>
      (await fetch(gateway.url + path)).json() as Promise<
        Record<string, unknown>
      >;
    expect(await get('/openapi.json')).toMatchObject({ openapi: '3.1.0' });
    expect(await get('/healthz')).toEqual({ status: 'alive' });
    expect(await get('/readyz')).toMatchObject({
      status: 'ready',
      reasons: [],
      warnings: [],
    });
  });

  it('never reaches a provider, and is never billed', async () => {
    // After all of the above.
    expect(simulator.stats().requests).toBe(0);
    expect(await plane.events()).toEqual([]);
  });

  function sendInPieces(
    body: string,
  ): Promise<{ status?: number; text: string }> {
    return new Promise((resolve, reject) => {
      const req = httpRequest(
        `${gateway.url}/v1/chat/completions`,
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${key.apiKey}`,
            'content-type': 'application/json',
            'transfer-encoding': 'chunked',
          },
        },
        res => {
          let text = '';
          res.on('data', chunk => (text += chunk));
          res.on('end', () => resolve({ status: res.statusCode, text }));
        },
      );
      req.on('error', reject);
      for (let at = 0; at < body.length; at += 10_000) {
        req.write(body.slice(at, at + 10_000));
      }
      req.end();
    });
  }

  /** Sends bytes as they are and gives back whatever comes until the connection is closed. */
  function rawExchange(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      let answer = '';
      socket.on('data', chunk => (answer += chunk));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
      socket.write(bytes);
    });
  }
});
