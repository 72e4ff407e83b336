import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MODELS, ProvidersStage } from '../__testUtils__/ProvidersStage';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** A Python that has the SDKs: `npm run test:python` makes one. */
const python = process.env.AI_GATEWAY_TEST_PYTHON;
const whereThereIsPython = python ? describe : describe.skip;

whereThereIsPython('the Python SDKs of OpenAI and Anthropic', () => {
  let stage: ProvidersStage;

  beforeAll(async () => {
    stage = await ProvidersStage.create(await databases.init('POSTGRES_18'));
  });
  afterAll(() => stage?.close());

  it('pass with every kind of provider', async () => {
    const check = resolvePackagePath(
      '@ai-gateway/gateway',
      'clients/python/check.py',
    );
    const { stdout } = await promisify(execFile)(String(python), [check], {
      env: {
        PATH: process.env.PATH,
        GATEWAY_URL: stage.gateway.url,
        GATEWAY_API_KEY: stage.key.apiKey,
        GATEWAY_MODELS: MODELS.join(),
      },
    }).catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}\n${error.stderr}`);
    });
    expect(stdout.match(/^ok /gm)).toHaveLength(9 * MODELS.length);
    expect(stdout).not.toContain('FAILED');
  });
});
