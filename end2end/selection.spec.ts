// Several recordings of the library in one download; with JavaScript and without.

import { readFileSync } from 'node:fs'
import { expect, open, roomPath, test } from './reelroom.ts'

test('chosen recordings are downloaded together, at a desk and on a phone', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  const rooms = ['choose-a', 'choose-b']
  for (const room of rooms) await reelroom.tell(`/sandbox/auto/${room}`, {})
  const row = (room: string) => page.getByRole('row').filter({ hasText: room }).first()
  await expect(async () => {
    await open(page, '/recordings?q=choose-', script)
    for (const room of rooms) await expect(row(room)).toContainText(/Archived\s*$/, { timeout: 500 })
  }).toPass({ timeout: 60_000 })

  const bar = page.getByRole('form', { name: 'Selected recordings' })
  const box = (room: string) => page.getByRole('checkbox', { name: new RegExp(`^Select ${room}, \\d\\d:\\d\\d$`) })
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    await open(page, '/recordings?q=choose-', script)
    await expect(bar).toBeHidden()
    for (const room of rooms) await box(room).check()
    await expect(bar.getByText('selected')).toBeVisible()
    await expect(bar.getByText(/not fully archived/)).toBeHidden()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)

    const [zip] = await Promise.all([
      page.waitForEvent('download'),
      bar.getByRole('button', { name: 'Download as ZIP' }).click(),
    ])
    expect(zip.suggestedFilename()).toBe('recordings.zip')
    const content = readFileSync(await zip.path())
    for (const room of rooms) expect(content.includes(`${room} 2`), room).toBe(true)

    const [list] = await Promise.all([
      page.waitForEvent('download'),
      bar.getByRole('button', { name: 'List of addresses' }).click(),
    ])
    expect(list.suggestedFilename()).toBe('files.txt')
    const addresses = readFileSync(await list.path(), 'utf8').trim().split('\n')
    expect(addresses.length).toBeGreaterThanOrEqual(2)
    for (const address of addresses) expect(address).toMatch(/^http:\/\/.*\/files\/[0-9a-f]{32}\?download$/)

    await bar.getByRole('button', { name: 'Clear the selection' }).click()
    await expect(bar).toBeHidden()
    for (const room of rooms) await expect(box(room)).not.toBeChecked()
  }

  // The checkbox is beside the link that the row is.
  await row('choose-a').getByRole('link').first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'choose-a' })).toBeVisible()
})

test('a choice stays while the list changes, and names what is not archived', async ({ member: page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, roomPath('pick-now'), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await open(page, '/recordings?q=pick-', script)
  const box = page.getByRole('checkbox', { name: /^Select pick-now/ })
  await box.check()
  const hint = page.getByText(/not fully archived: files without a copy are left out/)
  await expect(hint).toBeVisible()
  if (script) {
    await reelroom.tell('/sandbox/auto/pick-later', {})
    const later = page.getByRole('checkbox', { name: /^Select pick-later/ })
    await expect(later).toBeVisible({ timeout: 30_000 })
    await expect(later).not.toBeChecked()
    await expect(box).toBeChecked()
    await expect(hint).toBeVisible()
  }
  await box.uncheck()
  await expect(hint).toBeHidden()
  await open(page, roomPath('pick-now'), script)
  await page.getByRole('button', { name: /Stop recording/ }).click()
})
