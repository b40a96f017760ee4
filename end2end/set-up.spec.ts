// The first visit, before any account exists.

import { Reelroom, expect, test } from './reelroom.ts'

test('the first administrator sets up with the code of the log', async ({ page }) => {
  const reelroom = await Reelroom.start()
  try {
    await page.goto(`${reelroom.url}/login`)
    await expect(page.getByRole('heading', { name: 'Set up Reelroom' })).toBeVisible()
    await page.getByLabel('One-time code').fill('wrong')
    await page.getByLabel('Name', { exact: true }).fill('first')
    await page.getByLabel('Password', { exact: true }).fill('long enough')
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await expect(page.getByText('This is not the code in the log.')).toBeVisible()
    await page.getByLabel('One-time code').fill(reelroom.setUpCode!)
    await page.getByLabel('Name', { exact: true }).fill('first')
    await page.getByLabel('Password', { exact: true }).fill('long enough')
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await expect(page).toHaveURL(/\/settings/)
    await page.goto(`${reelroom.url}/`)
    await expect(page.getByText('Set up Reelroom')).toHaveCount(0)
  } finally {
    await reelroom.stop()
  }
})
