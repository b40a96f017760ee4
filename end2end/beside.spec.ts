// The recordings before and after one, in the list that it was opened from and in its room; with JavaScript and without.

import { expect, open, roomPath, test } from './reelroom.ts'

test('a list is walked from recording to recording, and the way back leads to it', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  for (const room of ['beside-a', 'beside-b', 'beside-c']) await reelroom.tell(`/sandbox/auto/${room}`, {})
  const rows = page.getByRole('row').filter({ hasText: 'beside-' })
  const links = rows.locator('a[href^="/recordings/"][data-walk]')
  await expect(async () => {
    await open(page, '/recordings?q=beside-', script)
    for (const n of [0, 1, 2]) await expect(rows.nth(n)).toContainText('Archived', { timeout: 500 })
  }).toPass({ timeout: 60_000 })
  const rooms = await links.allInnerTexts()
  expect(rooms).toHaveLength(3)

  const heading = page.getByRole('heading', { level: 1 })
  const arrow = (word: string) => page.getByRole('link', { name: `${word} in this list` })
  await links.first().click()
  await expect(heading).toHaveText(rooms[0])
  await expect(arrow('Newer')).toHaveAttribute('aria-disabled', 'true')
  await arrow('Older').click()
  await expect(heading).toHaveText(rooms[1])
  await arrow('Older').click()
  await expect(heading).toHaveText(rooms[2])
  await expect(arrow('Older')).toHaveAttribute('aria-disabled', 'true')
  if (script) {
    await page.keyboard.press('k')
    await expect(heading).toHaveText(rooms[1])
    await page.keyboard.press('j')
    await expect(heading).toHaveText(rooms[2])
  }
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.getByRole('link', { name: 'Back to the library' }).click()
  await expect(page).toHaveURL(/\/recordings\?q=beside-$/)

  // In another order, "older" would say nothing.
  await page.setViewportSize({ width: 1440, height: 900 })
  await open(page, '/recordings?q=beside-&sort=room', script)
  await links.first().click()
  await expect(heading).toHaveText('beside-a')
  await arrow('Next').click()
  await expect(heading).toHaveText('beside-b')

  // The way back leads to the grid that the recording was opened from.
  await open(page, '/recordings?q=beside-&sort=room&view=grid', script)
  await links.first().click()
  await arrow('Next').click()
  await expect(heading).toHaveText('beside-b')
  await page.getByRole('link', { name: 'Back to the library' }).click()
  await expect(page).toHaveURL(/\/recordings\?q=beside-&sort=room&view=grid$/)
})

test('the recordings of a room lead to each other', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'again-js' : 'again-plain'
  const stop = page.getByRole('button', { name: /Stop recording/ })
  const newest = async () => {
    await open(page, `/recordings?room=${room}`, script)
    const href = await page.locator(`main tr a[href^="/recordings/"]`, { hasText: room }).first().getAttribute('href')
    // The address without its list.
    await open(page, href!.split('?')[0], script)
  }
  const fact = page.locator('dt', { hasText: 'In this room' }).locator('+ dd')
  for (const expected of ['This is the only one', /^Older: Today \d\d:\d\d · This is the newest$/]) {
    await open(page, roomPath(room), script)
    await page.getByRole('button', { name: 'Start recording' }).click()
    await stop.click()
    await expect(stop).toHaveCount(0)
    await newest()
    await expect(fact).toHaveText(expected)
  }
  await expect(page.getByRole('link', { name: 'Newer in this list' })).toHaveCount(0)
  await fact.getByRole('link').click()
  await expect(fact).toHaveText(/^This is the oldest · Newer: Today \d\d:\d\d$/)
})
