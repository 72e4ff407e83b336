import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { startTestGateway } from '../__testUtils__/startTestGateway';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';
import type { RunningGateway } from '../app';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const NAMES = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'] as const;

describe('Azure OpenAI by the identity of the machine', () => {
  const before = NAMES.map(name => [name, process.env[name]] as const);
  let issuer: Server;
  let issued: string[] = [];
  let away = false;
  let simulator: ProviderSimulator;
  let gateway: RunningGateway;
  let client: OpenAI;

  beforeAll(async () => {
    // As App Service has one: https://learn.microsoft.com/azure/app-service/overview-managed-identity
    issuer = createServer((req, res) => {
      issued.push(String(req.url));
      const isRight = req.headers['x-identity-header'] === 'from-the-platform';
      const failed = away || !isRight;
      res.writeHead(failed ? 400 : 200, {
        'content-type': 'application/json',
      });
      if (failed) {
        res.end('{"statusCode":400,"message":"no such identity"}');
        return;
      }
      res.end(
        JSON.stringify({
          access_token: 'azure-token',
          expires_on: String(Math.floor(Date.now() / 1_000) + 3_600),
          resource: 'https://cognitiveservices.azure.com',
          token_type: 'Bearer',
        }),
      );
    });
    await new Promise<void>(resolve => issuer.listen(0, '127.0.0.1', resolve));
    const { port } = issuer.address() as AddressInfo;
    process.env.IDENTITY_ENDPOINT = `http://127.0.0.1:${port}/msi/token`;
    process.env.IDENTITY_HEADER = 'from-the-platform';

    const plane = await TestControlPlane.create(
      await databases.init('POSTGRES_18'),
    );
    simulator = await startProviderSimulator({
      apiKey: 'sim-secret',
      azureToken: 'azure-token',
    });
    const identity = {
      apiVersion: '2024-10-21',
      auth: 'managed-identity',
    };
    for (const [id, secretRef, settings] of [
      ['by-identity', null, identity],
      ['by-other', null, { ...identity, identityClientId: 'other' }],
      [
        'by-key-then',
        'env://SIM_API_KEY',
        { ...identity, identityClientId: 'third' },
      ],
    ] as const) {
      await plane.addModel(id, {
        providerId: await plane.addProvider(simulator.url, {
          kind: 'azure-openai',
          secretRef,
          settings,
        }),
        upstreamModel: 'sim-instant',
      });
    }
    const key = await plane.addKey();
    gateway = await startTestGateway({
      knex: plane.knex,
      env: { SIM_API_KEY: 'sim-secret' },
    });
    client = new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: key.apiKey,
      maxRetries: 0,
    });
  });
  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
    issuer?.close();
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  const ask = (model: string) =>
    client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Hi' }],
    });

  it('gets a token once and is served by it', async () => {
    issued = [];
    await Promise.all([ask('by-identity'), ask('by-identity')]);
    await ask('by-identity');
    expect(issued).toHaveLength(1);
    expect(issued[0]).toContain(
      `resource=${encodeURIComponent('https://cognitiveservices.azure.com')}`,
    );
  });

  it('falls back to the key where there is one while no token is to be had', async () => {
    away = true;
    await expect(ask('by-key-then')).resolves.toBeDefined();
    await expect(ask('by-other')).rejects.toMatchObject({
      status: 502,
      code: 'upstream_misconfigured',
    });
    away = false;
  });
});
