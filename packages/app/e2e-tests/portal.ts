import { expect, type Page } from '@playwright/test';

/** The demo users, by what they are. */
export const PEOPLE = {
  admin: 'Amira Haddad',
  payments: 'Bo Lindqvist',
  search: 'Chen Wei',
} as const;

/** The gateway's base URL, as an OpenAI SDK takes it. */
export const GATEWAY_BASE_URL = `${
  process.env.GATEWAY_URL ?? 'http://localhost:4000'
}/v1`;

/** Where the provider simulator listens, as a provider's base URL. */
export const SIMULATOR_BASE_URL = `${
  process.env.SIMULATOR_URL ?? 'http://localhost:4010'
}/v1`;

/** Signs in on the sign-in page, and waits for the portal. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: `Sign in as ${name}` }).click();
  await expect(page.getByRole('link', { name: 'Home' }).first()).toBeVisible();
}

/** Opens one of the plugin's tabs by its URL. */
export async function openTab(
  page: Page,
  tab: 'models' | 'api-keys' | 'usage' | 'admin',
): Promise<void> {
  await page.goto(`/ai-gateway/${tab}`);
}
