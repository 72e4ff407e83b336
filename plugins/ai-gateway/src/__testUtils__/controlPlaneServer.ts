import { http, HttpResponse } from 'msw';
import type { ControlPlaneDouble } from './ControlPlaneDouble';

/** Where the portal's backend would be. */
export const BACKEND_URL = 'http://localhost:7007';

/** Puts a control plane behind the network, where the plugin's own client finds it. */
export function controlPlaneAt(controlPlane: () => ControlPlaneDouble) {
  const prefix = `${BACKEND_URL}/api/ai-gateway`;
  return http.all(`${prefix}/*`, async ({ request }) => {
    const answer = await controlPlane().respond(
      request.url.slice(prefix.length),
      {
        method: request.method,
        headers: request.headers,
        body: (await request.text()) || null,
      },
    );
    return new HttpResponse(await answer.text(), answer);
  });
}
