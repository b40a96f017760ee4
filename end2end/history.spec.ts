// The history of access; with JavaScript and without.

import { ADMIN, expect, open, test } from './reelroom.ts'
import { readFileSync } from 'node:fs'

test('who did what is found, filtered and exported', async ({ page, own, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  const wrong = { name: ADMIN.name, password: 'not-the-password', next: '' }
  for (const name of [ADMIN.name, ADMIN.name, 'stranger']) {
    const form = { ...wrong, name }
    const answer = await page.request.post(`${own.url}/fn/sign_in`, { form, headers: { accept: 'application/json' } })
    expect(answer.status()).toBe(401)
  }
  await own.tell('/sandbox/auto/hiring-panel', {})
  const link = page.getByRole('row').filter({ hasText: 'hiring-panel' }).getByRole('link').first()
  await expect(async () => {
    await open(page, `${own.url}/recordings`, script)
    await expect(link).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000 })
  const recording = new URL((await link.getAttribute('href'))!, own.url).pathname
  const download = page.getByRole('link', { name: /^Download .*mp4/ }).first()
  await expect(async () => {
    await open(page, own.url + recording, script)
    await expect(download).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000 })
  const file = await page.request.get(own.url + (await download.getAttribute('href'))!)
  expect(file.status()).toBe(200)

  const table = page.getByRole('table', { name: 'History' })
  const row = (words: string) => table.getByRole('row').filter({ hasText: words })
  await open(page, `${own.url}/settings`, script)
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'History' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible()
  await expect(async () => {
    await page.reload()
    await expect(row('downloaded the composite')).toHaveCount(1, { timeout: 500 })
    await expect(row('2 wrong passwords')).toHaveCount(1, { timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await expect(row('signed in')).toHaveCount(1)
  // On a phone, too, one reads who it was.
  const size = page.viewportSize()!
  await page.setViewportSize({ width: 390, height: 844 })
  const who = await row('signed in').locator('.c-who').boundingBox()
  expect(who!.width).toBeGreaterThan(40)
  await page.setViewportSize(size)

  // By what was done, in a menu that needs no script.
  await page.getByRole('button', { name: 'What', exact: true }).click()
  await page.getByRole('link', { name: /^Failed sign-ins/ }).click()
  await expect(page).toHaveURL(/what=failed_sign_in/)
  await expect(row('wrong passwords')).toHaveCount(1)
  // A typed name without an account is not kept.
  await expect(row('1 wrong password')).toContainText('no such account')
  await expect(row('signed in')).toHaveCount(0)
  await page.getByRole('link', { name: 'Remove the filter by what was done' }).click()
  await expect(row('signed in').first()).toBeVisible()
  // The chip that had the focus is gone, so the heading has it.
  if (script) await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeFocused()

  // By address and day.
  await page.getByRole('button', { name: 'Address', exact: true }).click()
  await page.getByLabel('Address', { exact: true }).fill('192.0.2.99')
  await page.locator('#history-address').getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByRole('heading', { name: 'No entry matches' })).toBeVisible()
  await page.getByRole('link', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'Day', exact: true }).click()
  await page.getByLabel('From', { exact: true }).fill('2020-01-01')
  await page.getByLabel('To', { exact: true }).fill('2020-01-02')
  await page.locator('#history-day').getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('2020-01-01 – 2020-01-02')).toBeVisible()
  await page.getByRole('link', { name: 'Remove the day filter' }).click()

  // The name of a person leads to all that they did.
  await row('signed in').first().getByRole('link', { name: ADMIN.name }).click()
  await expect(page).toHaveURL(/person=u1001/)

  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: /^Export \d+ entr/ }).click()
  const csv = await saved
  expect(csv.suggestedFilename()).toBe('history.csv')
  const lines = readFileSync(await csv.path(), 'utf8').trim().split('\n')
  expect(lines[0]).toMatch(/^id,at,until,user,name,kind/)
  expect(lines.slice(1).every((line) => line.includes(',u1001,'))).toBe(true)

  // The recording has its own part of it.
  await open(page, own.url + recording, script)
  const section = page.getByRole('region', { name: 'Watched and downloaded' })
  await expect(section.getByRole('listitem').filter({ hasText: 'downloaded the composite' })).toHaveCount(1)
  await section.getByRole('link', { name: 'Show in the history' }).click()
  await expect(page).toHaveURL(/recording=/)
  await expect(row('signed in')).toHaveCount(0)
})
