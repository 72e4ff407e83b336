import { endpoints } from '../contract';
import { controlPlaneOpenApi } from './controlPlane';
import { gatewayOpenApi } from './gateway';

describe('the control plane document', () => {
  it('describes every endpoint of the contract', () => {
    const { paths } = controlPlaneOpenApi();
    for (const endpoint of Object.values(endpoints)) {
      expect(paths?.[endpoint.path]?.[endpoint.method]).toMatchObject({
        operationId: endpoint.operationId,
        responses: { [endpoint.status]: expect.anything() },
      });
    }
  });
});

describe('the gateway document', () => {
  it('names the server it is reached at', () => {
    expect(gatewayOpenApi('https://ai.example.com')).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: 'https://ai.example.com' }],
      paths: { '/v1/chat/completions': { post: expect.anything() } },
    });
  });
});
