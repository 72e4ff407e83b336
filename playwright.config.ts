import { defineConfig } from '@playwright/test';

/**
 * End-to-end tests in the system's Chromium, against the stack that `npm run test:e2e` starts.
 *
 * One worker: the tests tell one story, and what one publishes the next one calls.
 */
export default defineConfig({
  testDir: 'packages/app/e2e-tests',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: false,
  workers: 1,
  retries: 0,
  outputDir: '.data/reports/e2e-results',
  use: {
    baseURL: process.env.PORTAL_URL ?? 'http://localhost:3000',
    actionTimeout: 15_000,
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'Europe/Berlin',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    },
  },
});
