import {
  callEndpoint,
  type Endpoint,
  type EndpointInput,
  type EndpointOutput,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { expect, type Page } from '@playwright/test';

/** The demo users, by what they are. */
export const PEOPLE = {
  admin: 'Amira Haddad',
  payments: 'Bo Lindqvist',
  search: 'Chen Wei',
} as const;

/** The gateway's base URL, as an OpenAI SDK takes it. */
export const GATEWAY_BASE_URL = `${process.env.GATEWAY_URL ?? 'http://localhost:4000'}/v1`;

/** Where the provider simulator listens, as a provider's base URL. */
export const SIMULATOR_BASE_URL =
  process.env.SIMULATOR_URL ?? 'http://localhost:4010/v1';

const BACKEND_URL = process.env.BACKEND_URL ?? 'http://localhost:7007';
const CONTROL_PLANE_URL = `${BACKEND_URL}/api/ai-gateway`;

/** What the user of a page may ask the portal's backend. */
export interface Session {
  /** Calls the control plane. */
  call<T extends Endpoint>(
    endpoint: T,
    input: EndpointInput<T>,
  ): Promise<EndpointOutput<T>>;
  /** Whether the catalog has a Resource. */
  catalogHasResource(name: string): Promise<boolean>;
}

/**
 * Signs in on the sign-in page, and waits for the portal.
 *
 * @returns a way to ask the backend what that user's pages ask, with the user's own token
 */
export async function signIn(page: Page, name: string): Promise<Session> {
  const asked = page.waitForRequest(
    request =>
      request.url().startsWith(CONTROL_PLANE_URL) &&
      Boolean(request.headers().authorization),
    // The first page of a development server comes with its whole bundle.
    { timeout: 60_000 },
  );
  await page.goto('/');
  await page
    .getByRole('button', { name: `Sign in as ${name}` })
    .click({ timeout: 60_000 });
  const { authorization } = (await asked).headers();
  await expect(
    page.getByTestId('sidebar-root').getByRole('link', { name: 'AI Gateway' }),
  ).toBeVisible();
  return {
    call: (endpoint, input) =>
      callEndpoint(
        (path, init) => {
          const headers = new Headers(init.headers);
          headers.set('authorization', authorization);
          return fetch(`${CONTROL_PLANE_URL}${path}`, { ...init, headers });
        },
        endpoint,
        input,
      ),
    catalogHasResource: async resource => {
      const answer = await fetch(
        `${BACKEND_URL}/api/catalog/entities/by-name/resource/default/${resource}`,
        { headers: { authorization } },
      );
      if (!answer.ok && answer.status !== 404) {
        throw new Error(`The catalog answered ${answer.status}`);
      }
      return answer.ok;
    },
  };
}
