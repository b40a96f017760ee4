// The page of the storage; with JavaScript and without.

import { expect, open, signIn, test } from './reelroom.ts'

test('the storage is tested, and shows what it holds', async ({ page, own, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await own.tell('/sandbox/auto/hiring-panel', {})
  await open(page, `${own.url}/settings`, script)
  const settings = page.getByRole('navigation', { name: 'Settings' })
  await settings.getByRole('link', { name: 'Storage' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Storage' })).toBeVisible()
  await expect(settings.getByRole('link', { name: 'Storage' })).toHaveAttribute('aria-current', 'page')

  await page.getByRole('button', { name: 'Test storage' }).click()
  const section = page.getByRole('region', { name: 'Test', exact: true })
  for (const step of ['Written', 'Read back, the same bytes', 'Deleted']) {
    await expect(section.getByRole('listitem').filter({ hasText: step })).toHaveText(/\d+ ms$/)
  }
  await expect(page).toHaveURL(`${own.url}/settings/storage`)

  const row = page.getByRole('region', { name: 'By room' }).getByRole('row').filter({ hasText: 'hiring-panel' })
  await expect(async () => {
    if (!script) await page.reload()
    await expect(row).toHaveText(/\d [KM]?B$/, { timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await expect(page.getByText('Too little data')).toBeVisible()
  await expect(page.getByText(/are free on the disk of/).first()).toBeVisible()
  await row.getByRole('link', { name: 'hiring-panel' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'hiring-panel' })).toBeVisible()
})

test('an administrator says for how long old data is kept, and an auditor reads it', async ({
  page,
  own,
  javaScriptEnabled,
}) => {
  const script = javaScriptEnabled !== false
  await open(page, `${own.url}/settings/storage`, script)
  const section = page.getByRole('region', { name: 'Keeping' })
  const bodies = section.getByLabel('Raw bodies of callbacks (days)')
  const seen = section.getByLabel('Who has opened a recording (days)')
  await expect(bodies).toHaveValue('90')
  await expect(section.getByText('The history of access is kept for 730 days.')).toBeVisible()

  // All errors at once, and what was typed is still there.
  await bodies.fill('a week')
  await seen.fill('10')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(section.getByText('2 fields to correct')).toBeVisible()
  await expect(section.getByText('Enter whole days, 90 to 3,650.')).toBeVisible()
  await expect(bodies).toHaveValue('a week')

  await bodies.fill('30')
  await seen.fill('365')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(section.getByText('Saved', { exact: true })).toBeVisible()
  await open(page, `${own.url}/settings/storage`, script)
  await expect(bodies).toHaveValue('30')
  await expect(seen).toHaveValue('365')

  const auditor = { name: 'u2021', password: 'reads what others have done' }
  own.addUser(auditor.name, auditor.password, 'auditor')
  await page.context().clearCookies()
  await signIn(page, own.url, auditor)
  await open(page, `${own.url}/settings/storage`, script)
  await expect(bodies).toHaveValue('30')
  await expect(bodies).toBeDisabled()
  await expect(section.getByRole('button', { name: 'Save' })).toHaveCount(0)
})
