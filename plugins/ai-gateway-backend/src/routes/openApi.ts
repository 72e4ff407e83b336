import { controlPlaneOpenApi } from '@ai-gateway/backstage-plugin-ai-gateway-common/openapi';
import type { Router } from 'express';

/** Where the document is, below the plugin's base path. It tells nothing that is not public, and is readable without signing in. */
export const OPENAPI_PATH = '/openapi.json';

/** Mounts the route of the OpenAPI document. */
export function mountOpenApi(router: Router): void {
  const document = controlPlaneOpenApi();
  router.get(OPENAPI_PATH, async (_, res) => {
    res.json(document);
  });
}
