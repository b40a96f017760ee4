// Every page reads and every form posts, with JavaScript and without.

import { expect, open, roomPath, test } from './reelroom.ts'

test('who is not signed in is led to the sign-in and back', async ({ page }) => {
  await page.goto('/recordings')
  await expect(page).toHaveURL(/\/login\?next=/)
  await page.getByLabel('Name', { exact: true }).fill('u1001')
  await page.getByLabel('Password', { exact: true }).fill('wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('Name and password do not match')).toBeVisible()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('u1001')
  await page.getByLabel('Password', { exact: true }).fill('board-weekly-7B')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/recordings$/)
})

test('a room is recorded and found again', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'class-7A' : '产品评审'
  await open(page, roomPath(room), script)
  await expect(page.getByRole('heading', { name: room, level: 1 })).toBeVisible()
  await page.getByLabel('File name rule').fill('{roomid}_{date}_{random}')
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await page.waitForTimeout(1500)
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
  // Without JavaScript nobody tells the page: it is loaded again.
  await expect(async () => {
    await page.goto(`/recordings?q=${encodeURIComponent(room)}`)
    await expect(page.getByRole('row').filter({ hasText: room }).first()).toContainText(/Archived/, { timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await page.getByRole('link', { name: new RegExp(room) }).first().click()
  await expect(page.locator('video')).toHaveAttribute('src', /\/files\/[0-9a-f]{32}/)
  await expect(page.getByRole('link', { name: /^Download / }).first()).toHaveAttribute('href', /\?download/)
})

test('a form with mistakes says so and keeps what was typed', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, roomPath('support-tier2'), script)
  await page.getByLabel('File name rule').fill('no levels {nope}')
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByLabel('File name rule')).toHaveValue('no levels {nope}')
  await expect(page.getByText(/anyRTC does not know/).first()).toBeVisible()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toHaveCount(0)
})

test('a platform that does not answer is shown as it is', async ({ member: page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'odd-js' : 'odd-plain'
  await reelroom.faults({ start: 'html' })
  await open(page, roomPath(room), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByText('anyRTC did not answer the start request. The room may be recording.')).toBeVisible()
  await reelroom.faults()
  await page.getByRole('button', { name: 'Nothing was recorded' }).click()
  await expect(page.getByRole('button', { name: 'Start recording' })).toBeVisible()
})

test('every page has a title and one heading', async ({ member: page }) => {
  for (const [path, title] of [
    ['/', 'Rooms'],
    [roomPath('board-weekly'), 'board-weekly'],
    ['/recordings', 'Library'],
    ['/settings', 'Settings'],
  ]) {
    await page.goto(path)
    await expect(page).toHaveTitle(`${title} · Reelroom`)
    await expect(page.locator('main').first()).toBeVisible()
  }
})

test('an address without a page says so', async ({ member: page }) => {
  const answer = await page.request.get('/nowhere')
  expect(answer.status()).toBe(404)
})

test('signing out ends the session', async ({ member: page }) => {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/login/)
  await page.goto('/recordings')
  await expect(page).toHaveURL(/\/login/)
})
