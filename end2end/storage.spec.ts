// The page of the storage; with JavaScript and without.

import { expect, open, test } from './reelroom.ts'

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
