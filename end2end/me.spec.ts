// The page of the own account, and signing in with a second factor; with JavaScript and without.

import { type Page } from '@playwright/test'
import { ADMIN, expect, open, signIn, signInByForm, test, totp } from './reelroom.ts'

test.beforeEach(async ({ page, own, javaScriptEnabled }) => {
  await open(page, `${own.url}/settings/me`, javaScriptEnabled !== false)
})

const factor = (page: Page) => page.getByRole('region', { name: 'Second factor' })

/** Presses a button of the second factor, which asks for the password before. */
async function prove(page: Page, name: string, password = ADMIN.password) {
  const fold = factor(page).locator('details', { hasText: name })
  if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click()
  await fold.getByLabel('Password now').fill(password)
  await fold.getByRole('button', { name }).click()
}

/** Switches the second factor on, and returns the key of the app and the recovery codes. */
async function enrol(page: Page) {
  await prove(page, 'Set it up', 'wrong password')
  await expect(factor(page).getByText('This is not your password.')).toBeVisible()
  await prove(page, 'Set it up')
  await expect(page.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible()
  const shown = factor(page).locator('.once code')
  const key = await shown.innerText()
  await page.getByLabel('Type the six digits that it shows').fill('1234')
  await factor(page).getByRole('button', { name: 'Switch on' }).click()
  await expect(page.getByText('These are not the digits that the app shows now.')).toBeVisible()
  await expect(shown).toHaveText(key)
  await page.getByLabel('Type the six digits that it shows').fill(totp(key))
  await factor(page).getByRole('button', { name: 'Switch on' }).click()
  const dialog = page.getByRole('dialog', { name: 'New recovery codes' })
  await expect(dialog.locator('.once code')).toHaveCount(10)
  const codes = await dialog.locator('.once code').allInnerTexts()
  await dialog.getByRole('button', { name: 'I have kept them' }).click()
  await expect(factor(page).getByText('10 of 10 left')).toBeVisible()
  return { key, codes }
}

async function signOut(page: Page) {
  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await page.waitForURL(/\/login/)
}

/** Fills in the sign-in page, which asks for a code then. */
async function passwordFirst(page: Page) {
  await page.getByLabel('User id').fill(ADMIN.name)
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Second factor' })).toBeVisible()
}

async function enter(page: Page, code: string) {
  await page.getByLabel('Code', { exact: true }).fill(code)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('a second factor is set up, asked for, and recovered', async ({ page, own, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const { key, codes } = await enrol(page)
  await signOut(page)
  await passwordFirst(page)
  // Between the steps there is no session.
  expect((await page.request.get(`${own.url}/recordings`, { maxRedirects: 0 })).status()).toBe(303)
  await enter(page, '1234')
  await expect(page.getByText('This code is not valid now, or was used before.')).toBeVisible()
  await expect(page.getByLabel('Code', { exact: true })).toHaveAccessibleDescription(/not valid now.*recovery codes/)
  const code = totp(key, 1)
  await enter(page, code)
  await page.waitForURL(`${own.url}/`)
  await signOut(page)
  await passwordFirst(page)
  await enter(page, code)
  await expect(page.getByText('This code is not valid now, or was used before.')).toBeVisible()
  await enter(page, codes[0].toUpperCase())
  await page.waitForURL(`${own.url}/`)
  await open(page, `${own.url}/settings/me`, script)
  await expect(factor(page).getByText('9 of 10 left')).toBeVisible()
  await expect(factor(page).getByText(/Used Today \d\d:\d\d from 127\.0\.0\.1/)).toBeVisible()

  await prove(page, 'Make new codes')
  const dialog = page.getByRole('dialog', { name: 'New recovery codes' })
  await expect(dialog).toContainText('The old ones (9 left) work until you press')
  await dialog.getByRole('link', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(factor(page).getByText('9 of 10 left')).toBeVisible()

  await prove(page, 'Switch off', 'wrong password')
  await expect(factor(page).getByText('This is not your password.')).toBeVisible()
  await prove(page, 'Switch off')
  await expect(page.getByText('The second factor is off.')).toBeVisible()
  await signOut(page)
  await signInByForm(page, own.url)
})

test('where the rules demand it, an administrator sets the second factor up first', async ({ page, own, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, `${own.url}/settings/sign-in`, script)
  await page.locator('label.switch:has([name=admins_need_second_factor])').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'A second factor is needed' })).toBeVisible()
  await page.goto(`${own.url}/recordings`)
  await expect(page).toHaveURL(/\/settings\/me$/)
  await expect(page.getByRole('link', { name: 'Library' })).toHaveCount(0)
  await enrol(page)
  await page.goto(`${own.url}/recordings`)
  await expect(page.getByRole('heading', { level: 1, name: 'Library' })).toBeVisible()
  await open(page, `${own.url}/settings/me`, script)
  await expect(factor(page).getByText('Switching it off is blocked for administrators.')).toBeVisible()
})

test('a key stays on the page while things change', async ({ page, own, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'a page without scripts does not refresh')
  await prove(page, 'Set it up')
  const shown = factor(page).locator('.once code')
  const key = await shown.innerText()
  const refreshed = page.waitForResponse(/settings\/me/)
  await own.tell('/sandbox/auto/hiring-panel', {})
  await refreshed
  await page.waitForTimeout(500)
  await expect(shown).toHaveText(key)
  await factor(page).getByRole('link', { name: 'Cancel' }).click()
  await expect(factor(page).getByText('Off', { exact: true })).toBeVisible()
})

test('a new password ends the other sessions', async ({ page, own, browser, javaScriptEnabled }) => {
  const other = await browser.newContext({ javaScriptEnabled, locale: 'en-GB' })
  const elsewhere = await other.newPage()
  await signIn(elsewhere, own.url)
  const section = page.getByRole('region', { name: 'Password' })
  const fill = async (present: string, next: string, again: string) => {
    await section.getByLabel('Password now').fill(present)
    await section.getByLabel('New password', { exact: true }).fill(next)
    await section.getByLabel('New password again').fill(again)
    await section.getByRole('button', { name: 'Change password' }).click()
  }
  await fill('wrong password', 'four quiet otters', 'four quiet otters')
  await expect(section.getByText('This is not your password. Nothing was changed.')).toBeVisible()
  await fill(ADMIN.password, 'four quiet otters', 'five quiet otters')
  await expect(section.getByText('The two new passwords differ.')).toBeVisible()
  await fill(ADMIN.password, 'four quiet otters', 'four quiet otters')
  await expect(section.getByText('The password was changed. Your other sessions were ended.')).toBeVisible()
  await elsewhere.goto(`${own.url}/recordings`)
  await expect(elsewhere).toHaveURL(/\/login/)
  await signIn(elsewhere, own.url, { name: ADMIN.name, password: 'four quiet otters' })
  await other.close()
})

test('sessions are listed, and ended one by one or all others', async ({ page, own, browser, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const contexts = []
  for (const userAgent of ['Mozilla/5.0 (iPhone; like Mac OS X) Version/18.1 Safari/604.1', 'curl/8.5', 'curl/8.6']) {
    const context = await browser.newContext({ javaScriptEnabled, locale: 'en-GB', userAgent })
    await signIn(await context.newPage(), own.url)
    contexts.push(context)
  }
  await open(page, `${own.url}/settings/me`, script)
  const section = page.getByRole('region', { name: 'My sessions' })
  const rows = section.getByRole('row')
  await expect(rows).toHaveCount(5)
  await expect(rows.nth(1)).toContainText('This one')
  const phone = rows.filter({ hasText: 'Safari on iPhone' })
  await expect(phone).toContainText('127.0.0.1')
  const size = page.viewportSize()!
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(phone.getByText(/^Since .* · Last use /)).toBeVisible()
  await page.setViewportSize(size)
  await section.getByRole('button', { name: 'End the session on Safari on iPhone' }).click()
  await expect(rows).toHaveCount(4)
  // The button that had the focus is gone, so the heading has it.
  if (script) await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await section.getByRole('button', { name: 'End the other 2' }).click()
  await expect(section.getByText('The other sessions were ended.')).toBeVisible()
  await expect(rows).toHaveCount(2)
  for (const context of contexts) {
    const answer = await context.request.get(`${own.url}/recordings`, { maxRedirects: 0 })
    expect(answer.status()).toBe(303)
    await context.close()
  }
})

test('language, theme and time zone follow to another device', async ({ page, own, browser, javaScriptEnabled }) => {
  const look = page.getByRole('region', { name: 'Language, theme, time' })
  await look.getByLabel('Time zone').selectOption('America/Lima')
  await look.getByRole('button', { name: 'Save the time zone' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-zone', 'America/Lima')
  await look.getByRole('button', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await look.getByRole('button', { name: '中文' }).click()
  await expect(page.getByRole('heading', { name: '语言、主题、时间' })).toBeVisible()

  const other = await browser.newContext({ javaScriptEnabled, locale: 'en-GB' })
  const elsewhere = await other.newPage()
  await signInByForm(elsewhere, own.url)
  const html = elsewhere.locator('html')
  await expect(html).toHaveAttribute('lang', 'zh-CN')
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await expect(html).toHaveAttribute('data-zone', 'America/Lima')
  await other.close()
})
