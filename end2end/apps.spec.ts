// Several apps: added, switched, changed without typing secrets again, tested; with JavaScript and
// without.

import { createServer } from 'node:net'
import type { Locator, Page } from '@playwright/test'
import { ADMIN, expect, hydrated, open, Reelroom, roomPath, signIn, stopUpdates, test, WITH_ADMIN } from './reelroom.ts'

/** The AppID and the token of the file list that the emulated platform takes. */
const APP_ID = 'sandbox0app0id00'
const TOKEN = 'sandbox0vod0token'

let own: Reelroom
test.beforeEach(async ({ page }) => {
  own = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
  await signIn(page, own.url)
})
test.afterEach(async ({ page }) => {
  // First, so that no request of it is cut off by the end of the server.
  await page.close()
  await own.stop()
})

/** An address where nobody listens. */
async function closed(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

const card = (page: Page, name: string) => page.locator('details.app-card').filter({ has: page.locator('summary', { hasText: name }) })

async function unfold(form: Locator) {
  if (!(await form.getByLabel('Name', { exact: true }).isVisible())) await form.locator('> summary').click()
}

/** Adds an app that records at the emulated platform. */
async function add(page: Page, name: string, script: boolean) {
  await open(page, `${own.url}/settings/apps`, script)
  const form = card(page, 'Add an app')
  await unfold(form)
  await form.getByLabel('Name', { exact: true }).fill(name)
  await form.getByLabel('AppID', { exact: true }).fill(APP_ID)
  await form.getByLabel('API base').fill(own.sandbox)
  await form.getByLabel('Room types').fill('Meet\nLive')
  await form.getByLabel('File list', { exact: true }).fill(own.sandbox)
  await form.getByLabel('File list token').fill(TOKEN)
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(card(page, name).getByText('Saved')).toBeVisible()
  // One goes on with the added app, and not at the top of the page.
  await expect(card(page, name).locator('> summary')).toBeFocused()
  await expect(card(page, name).locator('> summary')).toBeInViewport()
  // The form for a new one is empty again, and folded.
  await expect(form.getByLabel('AppID', { exact: true })).toHaveValue('')
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('')
  await expect(form.getByLabel('Name', { exact: true })).toBeHidden()
}

/** Switches by the menu of the side bar. */
async function switchTo(page: Page, name: string) {
  await page.locator('.switch-app > button').click()
  await page.locator('.switch-app > .menu').getByRole('button', { name }).click()
  await expect(page.locator('.appswitch b')).toHaveText(name)
  await expect(page.locator('.switch-app > .menu')).toBeHidden()
}

test('the same room id in two apps is two rooms', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  // With one app nobody notices.
  await open(page, `${own.url}/`, script)
  await expect(page.locator('.appswitch')).toBeVisible()
  await expect(page.locator('.switch-app')).toHaveCount(0)

  await add(page, 'Board', script)
  await open(page, own.url + roomPath('class-7B'), script)
  await expect(page.locator('.appswitch b')).toHaveText('Board')
  const more = page.locator('details.adv')
  if (!(await more.evaluate((details: HTMLDetailsElement) => details.open))) await more.locator('> summary').click()
  await expect(page.getByLabel('Room type', { exact: true }).getByRole('option')).toHaveText(['Meet', 'Live'])
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  // The default app is named by no address.
  expect(new URL(page.url()).search).not.toContain('app=')

  await switchTo(page, 'Sandbox')
  await expect(page).toHaveURL(/\?app=[0-9a-f]{32}$/)
  await page.getByRole('navigation', { name: 'Room list' }).getByRole('link', { name: /class-7B/ }).click()
  await expect(page.getByRole('heading', { name: 'class-7B', level: 1 })).toBeVisible()
  await expect(page).toHaveURL(/\/rooms\/class-7B\?.*app=[0-9a-f]{32}/)
  await expect(page.getByRole('button', { name: 'Start recording' })).toBeVisible()
  await expect(page.getByText('No room is being recorded')).toHaveCount(0)
  const link = page.url()
  // What runs in the other app is one click away, and the app changes with it, also for the pages after it.
  await page.getByRole('complementary').getByRole('link', { name: /class-7B · Board/ }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await expect(page.locator('.appswitch b')).toHaveText('Board')
  await page.getByRole('link', { name: 'Callbacks' }).first().click()
  await expect(page.getByRole('heading', { name: 'Callbacks', level: 1 })).toBeVisible()
  await expect(page.locator('.appswitch b')).toHaveText('Board')
  await switchTo(page, 'Sandbox')

  // The choice stays, and a link shows everybody the same room.
  await open(page, `${own.url}/recordings`, script)
  await expect(page).toHaveURL(/\/recordings\?app=[0-9a-f]{32}$/)
  const library = page.url()
  for (const address of [library, `${library}&sort=oldest`]) {
    await open(page, address, script)
    await expect(page.getByText('No recordings yet')).toBeVisible()
    await expect(page.getByRole('link', { name: 'Go to rooms' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Clear filters' })).toHaveCount(0)
  }
  await open(page, own.url + roomPath('class-7B'), script)
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await switchTo(page, 'Board')
  await expect(page).toHaveURL(`${own.url}/`)
  await open(page, link, script)
  await expect(page.getByRole('button', { name: 'Start recording' })).toBeVisible()
  await open(page, own.url + roomPath('class-7B'), script)
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
})

test('an app is changed without typing its secrets again', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await add(page, 'Board', script)
  // The side bar knows it at once, as it does of each change, and stays in the app where one was.
  const shown = page.locator('.appswitch b')
  await expect(page.locator('.switch-app')).toHaveCount(1)
  await expect(shown).toHaveText('Sandbox')
  await expect(card(page, 'Board').getByText('The pages still show another app.')).toBeVisible()
  await card(page, 'Board').getByRole('button', { name: 'Show its rooms' }).click()
  await expect(shown).toHaveText('Board')
  await open(page, `${own.url}/settings/apps`, script)
  const form = card(page, 'Board')
  await unfold(form)
  await expect(form.getByLabel('AppID', { exact: true })).toHaveValue('')
  // Shown masked, in its place and in the side bar.
  await expect(form.locator('> summary')).toContainText('AppID sandbo··id00')
  await expect(page.locator('.appswitch')).toContainText('sandbo··id00')
  await form.locator('label.switch', { hasText: 'Wait for frames' }).click()
  expect(await page.content()).not.toContain(APP_ID)
  expect(await page.content()).not.toContain(TOKEN)
  await form.getByLabel('Name', { exact: true }).fill('Board room')
  await form.getByRole('button', { name: 'Save' }).click()
  const renamed = card(page, 'Board room')
  await expect(renamed.getByText('Saved')).toBeVisible()
  await expect(shown).toHaveText('Board room')
  await expect(renamed.getByLabel('Wait for frames')).toBeChecked()
  await expect(renamed.getByText(/^Set: /)).toBeVisible()
  // It still records: the AppID is what it was.
  await renamed.getByRole('button', { name: 'Test connection' }).click()
  await expect(card(page, 'Board room').getByText(/Answers in \d+ ms/)).toBeVisible()

  // Removed with the next save.
  await open(page, `${own.url}/settings/apps`, script)
  await unfold(card(page, 'Board room'))
  await card(page, 'Board room').locator('label.switch', { hasText: 'Remove with the next save' }).click()
  await card(page, 'Board room').getByRole('button', { name: 'Save' }).click()
  await expect(card(page, 'Board room').getByText('Saved')).toBeVisible()
  await expect(card(page, 'Board room').getByText(/^Set: /)).toHaveCount(0)

  // A long name has its place on a phone, too.
  await card(page, 'Board room').getByLabel('Name', { exact: true }).fill('Board room '.repeat(8).trim())
  await card(page, 'Board room').getByRole('button', { name: 'Save' }).click()
  await expect(card(page, 'Board room Board').getByText('Saved')).toBeVisible()
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(page.locator('.tabbar .drop > button')).toContainText('Board room Board')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  const tab = (await page.locator('.tabbar .drop > button').boundingBox())!
  expect(tab.x + tab.width).toBeLessThanOrEqual(390)
  expect((await page.locator('.tabbar .drop > button .trunc').boundingBox())!.width).toBeLessThanOrEqual(tab.width)
  await page.setViewportSize({ width: 1440, height: 900 })

  // Nothing was recorded for it, so it can go.
  await card(page, 'Board room').locator('details.remove > summary').click()
  await card(page, 'Board room').locator('details.remove').getByRole('button', { name: 'Remove' }).click()
  await expect(card(page, 'Board room')).toHaveCount(0)
  await expect(page.locator('.switch-app')).toHaveCount(0)
  await expect(shown).toHaveText('Sandbox')
})

test('whoever removes the app that they look at is led to the others', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await add(page, 'Board', script)
  await add(page, 'Annex', script)
  await switchTo(page, 'Annex')
  await expect(page).toHaveURL(/\/settings\?app=[0-9a-f]{32}$/)
  await hydrated(page, script)
  const annex = card(page, 'Annex')
  await unfold(annex)
  await annex.locator('details.remove > summary').click()
  await annex.locator('details.remove').getByRole('button', { name: 'Remove' }).click()
  await expect(page).toHaveURL(`${own.url}/settings/apps`)
  await expect(annex).toHaveCount(0)
  await expect(page.locator('.appswitch b')).toHaveText('Board')
})

test('an incomplete app names all its mistakes at once, and the first has the focus', async ({ page, javaScriptEnabled }) => {
  await open(page, `${own.url}/settings/apps`, javaScriptEnabled !== false)
  const form = card(page, 'Add an app')
  await unfold(form)
  await form.getByLabel('Time zone').fill('Nowhere')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByText('3 fields to correct')).toBeVisible()
  const [name, id, zone] = ['Name', 'AppID', 'Time zone of anyRTC'].map((label) => form.getByLabel(label, { exact: true }))
  for (const field of [name, id, zone]) await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(name).toBeFocused()
  await expect(zone).toHaveValue('Nowhere')
})

test('a connection is tested with what is typed, and nothing typed is lost', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await add(page, 'Board', script)
  const form = card(page, 'Board')
  await unfold(form)
  await form.getByLabel('Name', { exact: true }).fill('Not saved')
  await form.getByRole('button', { name: 'Test connection' }).click()
  await expect(form.getByText(/and the file list tested at \d\d:\d\d, nothing was started/)).toBeVisible()
  // Nobody saved what was tested.
  await expect(form.getByText('Saved', { exact: true })).toHaveCount(0)
  await expect(form.locator('> summary').getByText(/Answers in \d+ ms/)).toBeVisible()
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('Not saved')

  await form.getByText('Replace', { exact: true }).click()
  await form.getByLabel('File list token').fill('token-of-nobody')
  await form.getByRole('button', { name: 'Test connection' }).click()
  await expect(form.locator('> summary').getByText('Token refused')).toBeVisible()
  await expect(form.getByText('signature is invalid')).toBeVisible()
  expect(page.url()).not.toContain('token-of-nobody')

  const nobody = await closed()
  await form.getByLabel('API base').fill(nobody)
  await form.getByRole('button', { name: 'Test connection' }).click()
  await expect(form.locator('> summary').getByText('No connection')).toBeVisible()
  await expect(form.getByText(`No connection to ${new URL(nobody).host}.`)).toBeVisible()
  await expect(form.getByText('Check the port in the API base')).toBeVisible()
  await expect(form.getByText(/Tested at \d\d:\d\d, nothing was started\./)).toBeVisible()
  await expect(form.getByLabel('API base')).toHaveValue(nobody)
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('Not saved')

  await form.getByLabel('API base').fill(own.sandbox)
  await form.getByLabel('AppID', { exact: true }).fill('somebody-elses')
  await form.getByRole('button', { name: 'Test connection' }).click()
  await expect(form.locator('> summary').getByText('Refused')).toBeVisible()
  await expect(form.getByText('AppID is unknown')).toBeVisible()
  expect(page.url()).not.toContain('somebody-elses')

  // Nothing of it was kept.
  await open(page, `${own.url}/settings/apps`, script)
  await unfold(form)
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('Board')
  // Nor is it said of the app that is kept.
  await expect(form.locator('> summary').getByText(/Answers in \d+ ms/)).toBeVisible()
  await expect(form.getByText('AppID is unknown')).toHaveCount(0)
})

// A browser without scripts loads whole pages, with what was sent only.
test.describe(() => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false)

  test('what is typed for one app stays while another is saved, and what is saved is typed no more', async ({ page, context }) => {
    await add(page, 'Board', true)
    await add(page, 'Annex', true)
    const [board, annex] = [card(page, 'Board'), card(page, 'Annex')]
    await unfold(board)
    await board.getByLabel('Name', { exact: true }).fill('Board, half typed')
    await board.getByLabel('Room types').fill('Meet\nHalf')
    await annex.getByLabel('AppID', { exact: true }).fill(APP_ID)
    await annex.getByLabel('Time zone').fill('Europe/Berlin')
    await annex.locator('label.switch', { hasText: 'Remove with the next save' }).click()
    const save = annex.getByRole('button', { name: 'Save' })
    await save.click()
    await expect(annex.getByText(/^Set: /)).toHaveCount(0)
    await expect(save).toBeFocused()
    await expect(annex.getByLabel('AppID', { exact: true })).toHaveValue('')
    await expect(board.getByLabel('Name', { exact: true })).toHaveValue('Board, half typed')
    await expect(board.getByLabel('Room types')).toHaveValue('Meet\nHalf')

    // Somebody else changes it: the page shows it.
    const other = await page.context().newPage()
    await open(other, `${own.url}/settings/apps`)
    await unfold(card(other, 'Annex'))
    await card(other, 'Annex').getByLabel('Time zone').fill('UTC')
    await card(other, 'Annex').getByRole('button', { name: 'Save' }).click()
    await page.bringToFront()
    await expect(annex.getByLabel('Time zone')).toHaveValue('UTC')
    await expect(board.getByLabel('Name', { exact: true })).toHaveValue('Board, half typed')

    // When the session has ended: back to the same, each in its place.
    await stopUpdates(page)
    await context.clearCookies()
    await board.getByRole('button', { name: 'Save' }).click()
    await page.waitForURL(/\/login\?/)
    await page.getByLabel('User id').fill(ADMIN.name)
    await page.getByLabel('Password', { exact: true }).fill(ADMIN.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/settings/)
    await expect(board.getByLabel('Name', { exact: true })).toHaveValue('Board, half typed')
    await expect(board.getByLabel('Room types')).toHaveValue('Meet\nHalf')
    await expect(annex.getByLabel('Name', { exact: true })).toHaveValue('Annex')
    await expect(card(page, 'Add an app').getByLabel('Name', { exact: true })).toHaveValue('')
  })
})

test('an added app is unfolded where a live update shows it before its answer', async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false)
  await add(page, 'Board', true)
  await page.route('**/fn/save_app', async (route) => {
    const response = await route.fetch({ maxRedirects: 0 })
    await card(page, 'Annex').waitFor()
    await route.fulfill({ response })
  })
  await add(page, 'Annex', true)
})

test('an app with recordings stays', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await add(page, 'Board', script)
  await open(page, own.url + roomPath('class-7A'), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
  await open(page, `${own.url}/settings/apps`, script)
  await unfold(card(page, 'Board'))
  await card(page, 'Board').locator('details.remove > summary').click()
  await card(page, 'Board').locator('details.remove').getByRole('button', { name: 'Remove' }).click()
  await expect(card(page, 'Board').getByText('The app was not removed')).toBeVisible()
  await expect(card(page, 'Board').getByText(/This app cannot be removed: it has recordings/)).toBeVisible()
})

test('the host of a blocked file is allowed on the page of its recording', async ({ page, javaScriptEnabled, troubles }) => {
  const script = javaScriptEnabled !== false
  await add(page, 'Board', script)
  await switchTo(page, 'Board')
  const answer = await fetch(`${own.url}/AR/V1/av`, {
    method: 'POST',
    body: JSON.stringify({
      type: '1', mediaType: 'video', userId: '', groupId: 'far', startTime: '2026-01-05 01:00:00', endTime: '2026-01-05 01:00:30',
      fileName: 'far.mp4', fileSize: 1000, duration: 30, downloadUrl: 'http://files.invalid:8123/far.mp4', userData: '',
    }),
  })
  expect(answer.status).toBe(200)
  const recording = page.getByRole('row').getByRole('link', { name: 'far' }).first()
  await expect(async () => {
    await open(page, `${own.url}/recordings`, script)
    await expect(recording).toBeVisible({ timeout: 500 })
  }).toPass()
  await recording.click()
  await page.waitForURL(/\/recordings\/[0-9a-f]{32}/)
  const file = page.getByRole('row').filter({ hasText: 'far.mp4' })
  await expect(async () => {
    await page.reload()
    await expect(file.getByText('files.invalid:8123 is not an allowed host')).toBeVisible({ timeout: 500 })
  }).toPass()
  await hydrated(page, script)
  await file.getByText('Allow this host').click()
  await expect(file.getByText('This adds files.invalid:8123')).toBeVisible()
  await file.getByRole('button', { name: 'Allow and fetch' }).click()
  await expect(file.getByText('Address blocked')).toHaveCount(0)

  await open(page, `${own.url}/settings/apps`, script)
  await unfold(card(page, 'Board'))
  await expect(card(page, 'Board').getByLabel('Additional file hosts')).toHaveValue('files.invalid:8123')
  // The player may have asked for the file before it was blocked, and after it was allowed.
  troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !trouble.includes('/files/')))
})
