// The rules of sign-in; with JavaScript and without.

import { expect, open, signIn, test } from './reelroom.ts'

test('an administrator changes the rules, and an auditor reads them', async ({ page, own, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, `${own.url}/settings`, script)
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Sign-in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Sign-in' })).toBeVisible()
  const idle = page.getByLabel('Session ends after (hours without use)')
  const length = page.getByLabel('Minimum length of a password (characters)')
  const history = page.getByLabel('Keep the history of access for (days)')
  await expect(idle).toHaveValue('12')
  await expect(page.getByText('Once single sign-on is configured')).toBeVisible()

  // All errors at once, and what was typed is still there.
  await idle.fill('a day')
  await length.fill('7')
  await history.fill('365')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('2 fields to correct')).toBeVisible()
  await expect(page.getByText('Enter whole hours, 1 to 720.')).toBeVisible()
  await expect(page.getByText('Enter a whole number, 8 to 64.')).toBeVisible()
  await expect(idle).toHaveValue('a day')
  await expect(history).toHaveValue('365')

  await idle.fill('8')
  await length.fill('20')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await open(page, `${own.url}/settings/sign-in`, script)
  await expect(idle).toHaveValue('8')
  await expect(history).toHaveValue('365')
  expect(() => own.addUser('short', 'board-weekly-8C', 'viewer')).toThrow()

  const auditor = { name: 'u2020', password: 'reads what others have done' }
  own.addUser(auditor.name, auditor.password, 'auditor')
  await page.context().clearCookies()
  await signIn(page, own.url, auditor)
  await open(page, `${own.url}/settings/sign-in`, script)
  await expect(idle).toHaveValue('8')
  await expect(idle).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0)
  await expect(page.getByText('Only administrators change this.')).toBeVisible()
})

test('the sign-in page says what to do about a forgotten password', async ({ page, own }) => {
  await page.context().clearCookies()
  await page.goto(`${own.url}/login`)
  await expect(page.getByText('Forgotten? An administrator can make you a one-time link.')).toBeVisible()
})
