// The first visit, before any account exists.

import { Reelroom, expect, test } from './reelroom.ts'

test('the first administrator sets up with the code of the log', async ({ page }) => {
  const reelroom = await Reelroom.start()
  try {
    await page.goto(`${reelroom.url}/login`)
    await expect(page.getByRole('heading', { name: 'Set up Reelroom' })).toBeVisible()
    await page.getByLabel('One-time code').fill('wrong')
    await page.getByLabel('User id').fill('first')
    await page.getByLabel('Password', { exact: true }).fill('long enough for it')
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await expect(page.getByText('This is not the code in the log.')).toBeVisible()
    for (const [password, why] of [
      ['eleven char', 'This password is too short.'],
      ['Password1234', 'This password is one of the most common ones'],
      ['first-Reelroom', 'This password is little more than the name or “Reelroom”.'],
    ]) {
      await page.getByLabel('One-time code').fill(reelroom.setUpCode!)
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.getByRole('button', { name: 'Create administrator' }).click()
      await expect(page.getByText(why)).toBeVisible()
      await expect(page.getByText('At least 12 characters.')).toBeVisible()
    }
    await page.getByLabel('One-time code').fill(reelroom.setUpCode!)
    await page.getByLabel('User id').fill('first')
    await page.getByLabel('Password', { exact: true }).fill('long enough for it')
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await expect(page).toHaveURL(/\/settings/)
    await page.goto(`${reelroom.url}/`)
    await expect(page.getByText('Set up Reelroom')).toHaveCount(0)
  } finally {
    await reelroom.stop()
  }
})
