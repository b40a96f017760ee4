// The first visit, before any account exists.

import { Reelroom, expect, test } from './reelroom.ts'

test('the first administrator sets up with the code of the log', async ({ page }) => {
  const reelroom = await Reelroom.start()
  try {
    await page.goto(`${reelroom.url}/login`)
    await expect(page.getByRole('heading', { name: 'Set up Reelroom' })).toBeVisible()
    const [code, name, password] = [
      page.getByLabel('One-time code'), page.getByLabel('User id'), page.getByLabel('Password', { exact: true }),
    ]
    // All problems at once, and the first field with one has the focus.
    await code.fill('wrong')
    await name.fill('n'.repeat(65))
    await password.fill('eleven char')
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await expect(page.getByText('This is not the code in the log.')).toBeVisible()
    await expect(page.getByText('A name has 1 to 64 characters and no line breaks or invisible characters.')).toBeVisible()
    await expect(page.getByText('This password is too short.')).toBeVisible()
    for (const field of [code, name, password]) await expect(field).toHaveAttribute('aria-invalid', 'true')
    await expect(code).toBeFocused()
    await code.fill(reelroom.setUpCode!)
    await password.fill('eleven char')
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await expect(name).toBeFocused()
    await expect(password).toHaveAttribute('aria-invalid', 'true')
    await expect(code).not.toHaveAttribute('aria-invalid', 'true')
    await name.fill('first')
    for (const [typed, why] of [
      ['eleven char', 'This password is too short.'],
      ['Password1234', 'This password is one of the most common ones'],
      ['first-Reelroom', 'This password is little more than the name or “Reelroom”.'],
    ]) {
      await code.fill(reelroom.setUpCode!)
      await password.fill(typed)
      await page.getByRole('button', { name: 'Create administrator' }).click()
      await expect(page.getByText(why)).toBeVisible()
      await expect(password).toBeFocused()
      await expect(page.getByText('At least 12 characters.')).toBeVisible()
    }
    await code.fill(reelroom.setUpCode!)
    await name.fill('first')
    await password.fill('long enough for it')
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await expect(page).toHaveURL(/\/settings/)
    await page.goto(`${reelroom.url}/`)
    await expect(page.getByText('Set up Reelroom')).toHaveCount(0)
  } finally {
    await reelroom.stop()
  }
})
