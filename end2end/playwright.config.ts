import { defineConfig, devices } from '@playwright/test'
import { execSync } from 'node:child_process'

/** The system's Chromium where there is one; else the one that Playwright installed. */
function chromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  try {
    return execSync('command -v chromium || command -v chromium-browser || command -v google-chrome', {
      encoding: 'utf8',
      shell: '/bin/sh',
    }).trim()
  } catch {
    return undefined
  }
}

const use = {
  ...devices['Desktop Chrome'],
  viewport: { width: 1440, height: 900 },
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  launchOptions: {
    executablePath: chromium(),
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
  // Each worker starts a server of its own; three fill two cores, since each waits now and then.
  workers: 3,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  // A trace costs as much as the test: `npx playwright test --trace on NAME` records one.
  use: { screenshot: 'only-on-failure' },
  projects: [
    { name: 'with JavaScript', use },
    { name: 'without JavaScript', use: { ...use, javaScriptEnabled: false }, testIgnore: /\.hydrate\.spec\.ts$/ },
  ],
})
