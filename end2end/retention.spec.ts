// Retention: a rule, its dry run, its switch; with JavaScript and without.

import { expect, open, test } from './reelroom.ts'

test('a rule is written, looked at, switched on, and all are switched off', async ({ page, own, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, `${own.url}/settings`, script)
  const settings = page.getByRole('navigation', { name: 'Settings' })
  await settings.getByRole('link', { name: 'Retention' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Retention' })).toBeVisible()
  await expect(page.getByText('There is no rule')).toBeVisible()

  await page.getByRole('link', { name: 'Add a rule' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'New rule' })).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('Old lessons')
  await page.getByLabel('Days after the recording ended').fill('soon')
  const panel = page.locator('#detail')
  await panel.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('1 to 36,500.')).toBeVisible()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Old lessons')
  await page.getByLabel('Days after the recording ended').fill('365')
  await panel.getByRole('button', { name: 'Save' }).click()
  await expect(panel.getByRole('heading', { level: 1, name: 'Old lessons' })).toBeVisible()
  await expect(panel.getByText('to the trash, 365 days after they ended.')).toBeVisible()

  const row = page.getByRole('row').filter({ hasText: 'Old lessons' })
  await expect(row.getByRole('button', { name: 'Switch on' })).toHaveCount(0)
  await row.getByRole('button', { name: 'Look at its dry run' }).click()
  await expect(page.getByText('As if “Old lessons” were on.')).toBeVisible()
  await expect(page.getByText('Nothing would be deleted.')).toBeVisible()
  await expect(page.getByRole('table', { name: 'What if' }).getByRole('row')).toHaveCount(25)
  await row.getByRole('button', { name: 'Switch on' }).click()
  await expect(row.getByRole('button', { name: 'Switch off' })).toBeVisible()

  await page.getByText('Switch off', { exact: true }).first().click()
  await page.getByLabel('Why is retention switched off?').fill('before the audit')
  await page.locator('.off-form').getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByText('before the audit')).toBeVisible()
  const next = page.locator('.figs > div').first()
  await expect(next).toHaveText(/^Next run\s*switched off$/)
  await page.getByRole('alert').getByRole('button', { name: 'Switch on' }).click()
  await expect(page.getByText('No rule deletes anything.')).toHaveCount(0)
  await expect(next).toHaveText(/^Next run .*\d\d:\d\d/)
})

test('the page fits a phone', async ({ page, own, javaScriptEnabled }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, `${own.url}/settings/retention?open=new`, javaScriptEnabled !== false)
  await expect(page.getByRole('heading', { level: 1, name: 'New rule' })).toBeVisible()
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
  if (javaScriptEnabled !== false) expect(await fits()).toBe(true)
  await page.getByLabel('Name', { exact: true }).fill('Old lessons')
  await page.getByLabel('Days after the recording ended').fill('365')
  await page.locator('#detail').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Close' }).click()
  await expect(page.locator('.rules tr').filter({ hasText: 'Old lessons' })).toBeVisible()
  if (javaScriptEnabled !== false) expect(await fits()).toBe(true)
})
