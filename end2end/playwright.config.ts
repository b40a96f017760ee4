import { defineConfig, devices } from '@playwright/test'
import { execFileSync } from 'node:child_process'

/** The Chromium that the scripts find; without one, Playwright's own. */
const chromium = execFileSync('bash', ['-c', 'source ../scripts/lib.sh; find_chromium'], {
  cwd: import.meta.dirname,
  encoding: 'utf8',
}).trim()

const use = {
  ...devices['Desktop Chrome'],
  viewport: { width: 1440, height: 900 },
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  launchOptions: {
    executablePath: chromium || undefined,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  },
}

export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  // Each worker starts its own server. Three workers fill two cores, because each waits at times.
  workers: 3,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  // Tracing doubles the time of a test: `npx playwright test --trace on NAME` records one.
  use: { screenshot: 'only-on-failure' },
  projects: [
    { name: 'with JavaScript', use },
    { name: 'without JavaScript', use: { ...use, javaScriptEnabled: false }, testIgnore: /\.hydrate\.spec\.ts$/ },
  ],
})
