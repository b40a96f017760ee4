// Copy buttons over plain HTTP, where browsers have no `navigator.clipboard`.

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
