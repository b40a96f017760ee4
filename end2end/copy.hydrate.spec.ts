// Copy buttons: over plain HTTP, where browsers have no `navigator.clipboard`, and during live updates.

import { chromium } from '@playwright/test'
import { expect, open, signInByForm, test } from './reelroom.ts'

test('a copy button copies over plain HTTP', async ({ reelroom }, { project }) => {
  const { executablePath, args = [] } = project.use.launchOptions!
  const browser = await chromium.launch({ executablePath, args: [...args, '--host-resolver-rules=MAP plain.test 127.0.0.1'] })
  const page = await browser.newPage()
  const origin = `http://plain.test:${new URL(reelroom.url).port}`
  await signInByForm(page, origin)
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  await open(page, `${origin}/callbacks?show=all`)
  await page.getByRole('navigation', { name: 'Callbacks' }).getByRole('link').first().click()
  const button = page.locator('copy-button:visible').first()
  await button.getByRole('button').click()
  await expect(button.getByRole('button')).toHaveText('Copied')
  const search = page.getByRole('searchbox').first()
  await search.fill('')
  await search.press('Control+V')
  // As much as a search may hold, in one line.
  await expect(search).toHaveValue((await button.getAttribute('text'))!.slice(0, 200).replaceAll('\n', ' '))
  await browser.close()
})

test('a live update leaves the word Copied until its time is over', async ({ member: page, reelroom }) => {
  await page.clock.install()
  await open(page, '/callbacks?show=all')
  const rows = page.getByRole('navigation', { name: 'Callbacks' }).getByRole('link')
  await rows.first().click()
  const word = page.locator('copy-button:visible').first().locator('[aria-live]')
  const before = await word.innerText()
  await page.clock.pauseAt(Date.now() + 60_000)
  await word.click()
  await expect(word).toHaveText('Copied')
  const newest = await rows.first().getAttribute('href')
  await reelroom.tell('/sandbox/auto/copied', {})
  await expect(async () => {
    await page.clock.runFor(100)
    await expect(rows.first()).not.toHaveAttribute('href', newest!, { timeout: 500 })
  }).toPass()
  await expect(word).toHaveText('Copied')
  await page.clock.runFor(2000)
  await expect(word).toHaveText(before)
})
