import { controlPlaneOpenApi } from '@ai-gateway/backstage-plugin-ai-gateway-common/openapi';
import { seedModel } from './__testUtils__/seed';
import { TestControlPlane } from './__testUtils__/TestControlPlane';

describe('the router', () => {
  let plane: TestControlPlane;
  beforeAll(async () => {
    plane = await TestControlPlane.start();
  });

  it('serves the OpenAPI document to everybody', async () => {
    const { status, body } = await plane.sendRaw(
      'anonymous',
      'get',
      '/openapi.json',
    );
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(controlPlaneOpenApi())));
  });

  it('answers an unknown route with 404', async () => {
    const { status, body } = await plane.sendRaw('admin', 'get', '/nothing');
    expect(status).toBe(404);
    expect(body.error.name).toBe('NotFoundError');
  });

  it.each([
    ['{"id": ', 'The body is not valid JSON'],
    ['"text"', 'The body is not valid JSON'],
  ])(
    'answers the body %s with 400, without repeating it',
    async (sent, said) => {
      const { status, body } = await plane.sendRaw('admin', 'post', '/models', {
        body: sent,
      });
      expect(status).toBe(400);
      expect(body.error.message).toBe(said);
      expect(JSON.stringify(body.error)).not.toContain('stack');
      expect(body.error).not.toHaveProperty('body');
    },
  );

  it('answers a body that is no object with 400', async () => {
    const { status } = await plane.sendRaw('admin', 'post', '/models', {
      body: '[]',
    });
    expect(status).toBe(400);
  });

  it('answers a body that is too large with 413', async () => {
    const { status, body } = await plane.sendRaw('admin', 'post', '/models', {
      body: { description: 'x'.repeat(200_000) },
    });
    expect(status).toBe(413);
    expect(body.error.message).toBe('The body is too large');
  });

  it('tells every field at fault under error.fields', async () => {
    const { status, body } = await plane.sendRaw('admin', 'post', '/models', {
      body: { id: 'No', title: '', extra: true },
    });
    expect(status).toBe(400);
    expect(body.error.fields).toEqual([
      { path: 'id', message: expect.stringContaining('lower-case') },
      { path: 'title', message: 'Enter a title' },
      { path: 'ownerRef', message: 'This field is required' },
      { path: 'extra', message: 'There is no such field' },
    ]);
  });

  it('refuses text that cannot be kept, in a query too', async () => {
    const { status, body } = await plane.sendRaw(
      'admin',
      'get',
      '/models?search=a%00b',
    );
    expect(status).toBe(400);
    expect(body.error.fields[0].path).toBe('search');
  });

  it('refuses a parameter that comes twice, an id that is none, and takes hostile text literally', async () => {
    await seedModel(plane, 'gpt-4o');
    const statusOf = async (path: string) =>
      (await plane.sendRaw('admin', 'get', path)).status;
    expect(await statusOf('/models?limit=1&limit=2')).toBe(400);
    expect(await statusOf('/models?limit=501')).toBe(400);
    expect(await statusOf('/models?offset=-1')).toBe(400);
    expect(await statusOf('/providers/not-a-uuid')).toBe(400);
    expect(await statusOf("/api-keys/'%20OR%201=1")).toBe(400);
    const { body } = await plane.sendRaw(
      'admin',
      'get',
      `/models?status=all&search=${encodeURIComponent("' OR '1'='1")}`,
    );
    expect(body.totalCount).toBe(0);
  });
});
