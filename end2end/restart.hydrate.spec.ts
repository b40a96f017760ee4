// A page that stays open while the server restarts, with the same or another build.

import type { Page } from '@playwright/test'
import { expect, open, Reelroom, roomPath, signIn, test, WITH_ADMIN } from './reelroom.ts'

const silence = (page: Page) => page.getByText('Disconnected since').filter({ visible: true })

test('an open page says that it hears nothing, keeps what was typed, and goes on', async ({ page }) => {
  let reelroom = await Reelroom.start(WITH_ADMIN)
  await signIn(page, reelroom.url)
  await open(page, reelroom.url + roomPath('lab-west'))
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await page.getByRole('link', { name: /board-weekly/ }).click()
  await page.getByLabel('File name rule').fill('kept_{date}_{random}')

  await reelroom.kill()
  await expect(silence(page).first()).toBeVisible()
  reelroom = await reelroom.again()
  await expect(silence(page)).toHaveCount(0)
  await expect(page.getByLabel('File name rule')).toHaveValue('kept_{date}_{random}')
  // The session and the recording have survived.
  await page.getByRole('link', { name: /lab-west/ }).first().click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await reelroom.stop()
})

test('while the server is gone, every timer stops, and one bar says so at any width', async ({ page, troubles }) => {
  let reelroom = await Reelroom.start(WITH_ADMIN)
  await signIn(page, reelroom.url)
  await reelroom.tell('/sandbox/rooms/frozen/join/ada', {})
  await open(page, reelroom.url + roomPath('frozen'))
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await expect(page.locator('.lanes run-timer')).toHaveCount(1)

  await reelroom.kill()
  await expect(silence(page)).toHaveCount(1)
  const timers = page.locator('run-timer')
  const before = await timers.allTextContents()
  expect(before.length).toBeGreaterThan(2)
  await page.waitForTimeout(1500)
  expect(await timers.allTextContents()).toEqual(before)
  for (const width of [820, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await expect(silence(page)).toHaveCount(1)
    await expect(silence(page)).toBeInViewport()
  }
  // A form that gets no answer says so, once.
  for (const again of [false, true]) {
    await page.getByRole('button', { name: /Stop recording/ }).click()
    await expect(page.getByText('No answer from the server'), String(again)).toHaveCount(1)
  }
  reelroom = await reelroom.again()
  await expect(silence(page)).toHaveCount(0)
  // Turbo reports them to the console, too.
  troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !trouble.includes('Failed to fetch')))
  await reelroom.stop()
})

test('what changed while the server was gone, or since, is shown without a click', async ({ page, browser }) => {
  let reelroom = await Reelroom.start(WITH_ADMIN)
  await signIn(page, reelroom.url)
  await open(page, reelroom.url + roomPath('lab-west'))
  const colleague = await (await browser.newContext()).newPage()
  await signIn(colleague, reelroom.url)
  await open(colleague, reelroom.url + roomPath('lab-west'))
  await colleague.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()

  await reelroom.kill()
  await expect(silence(page).first()).toBeVisible()
  reelroom = await reelroom.again()
  // At once: the first page may not have reconnected yet.
  await colleague.request.post(`${reelroom.url}/fn/label_room`, {
    form: { room: 'lab-west', title: 'Back again', starred: 'yes' },
  })
  await expect(page.getByRole('heading', { name: 'Back again' })).toBeVisible({ timeout: 20_000 })
  await colleague.reload()
  await colleague.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
  await reelroom.stop()
})

test('after another build has taken over, links load whole pages', async ({ page }) => {
  let reelroom = await Reelroom.start(WITH_ADMIN)
  await signIn(page, reelroom.url)
  await open(page, reelroom.url)
  const mark = () => page.evaluate(() => { (window as { old?: boolean }).old = true })
  const marked = () => page.evaluate(() => (window as { old?: boolean }).old === true)
  await mark()
  await page.getByRole('link', { name: 'Library' }).first().click()
  await expect(page.getByRole('heading', { name: 'Library' }).first()).toBeVisible()
  expect(await marked()).toBe(true)

  await page.evaluate(() => document.documentElement.setAttribute('data-build', 'of-yesterday'))
  await reelroom.kill()
  await expect(silence(page).first()).toBeVisible()
  reelroom = await reelroom.again()
  await expect(silence(page)).toHaveCount(0)
  await page.getByRole('link', { name: 'Settings' }).first().click()
  await page.waitForURL(/settings/)
  await page.waitForSelector('html[data-ready]')
  expect(await marked()).toBe(false)
  await reelroom.stop()
})
