// Every page renders and every form posts, with and without JavaScript.

import { ADMIN, expect, open, Reelroom, roomPath, signIn, test, WITH_ADMIN } from './reelroom.ts'

test('who is not signed in is led to the sign-in and back', async ({ page }) => {
  await page.goto('/recordings')
  await expect(page).toHaveURL(/\/login\?next=/)
  // A first visit: nothing ended.
  await expect(page.getByText('Your session ended')).toHaveCount(0)
  await page.getByLabel('User id').fill('u1001')
  await page.getByLabel('Password', { exact: true }).fill('wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('User id and password do not match')).toBeVisible()
  await expect(page.getByLabel('User id')).toHaveValue('u1001')
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
  // Without JavaScript there are no live updates, so the page is reloaded.
  await expect(async () => {
    await page.goto(`/recordings?q=${encodeURIComponent(room)}`)
    await expect(page.getByRole('row').filter({ hasText: room }).first()).toContainText(/Archived\s*$/, { timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await page.getByRole('row').filter({ hasText: room }).getByRole('link').first().click()
  await expect(page.locator('video')).toHaveAttribute('src', /\/files\/[0-9a-f]{32}/)
  await expect(page.getByRole('link', { name: /^Download .*mp4/ }).first()).toHaveAttribute('href', /\?download/)
  // All its files at once.
  const all = page.getByRole('link', { name: /^Download (all|\d+ of)/ })
  await expect(async () => {
    await page.reload()
    await expect(all).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000 })
  const [download] = await Promise.all([page.waitForEvent('download'), all.click()])
  expect(download.suggestedFilename()).toMatch(new RegExp(`^${room} .* UTC\\.zip$`))
  // Ready is said of the recording, in its room too, and Archived of its files.
  await expect(page.locator('.rec-h .pill')).toHaveText(['Ready'])
  const files = page.getByRole('region', { name: /^Files/ }).locator('.pill')
  expect(new Set((await files.allTextContents()).map((word) => word.trim()))).toEqual(new Set(['Archived']))
  await open(page, roomPath(room), script)
  const recent = page.getByRole('region', { name: 'Recent in this room' }).getByRole('row').last()
  await expect(recent.locator('.pill')).toHaveText(['Ready'])
})

test('a form with mistakes says so and keeps what was typed', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, roomPath('support-tier2'), script)
  await page.getByLabel('File name rule').fill('no levels {nope}')
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByLabel('File name rule')).toHaveValue('no levels {nope}')
  await expect(page.getByText(/anyRTC does not know/).first()).toBeVisible()
  await expect(page.getByText(/at most 1,024 bytes/)).toHaveCount(0)
  await expect(page.getByLabel('File name rule')).toBeFocused()
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
  await expect(page.getByRole('row').filter({ hasText: 'Not recorded' })).toHaveCount(1)
})

test('every page has a title and one heading', async ({ member: page }) => {
  for (const [path, title] of [
    ['/', 'Rooms'],
    [roomPath('board-weekly'), 'board-weekly'],
    ['/recordings', 'Library'],
    ['/callbacks', 'Callbacks'],
    ['/settings', 'Settings'],
    ['/settings/history', 'History'],
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

test('whoever goes on from a page after the session ended is told so', async ({ member: page, context, javaScriptEnabled }) => {
  // A page whose event stream is refused leads to the sign-in by itself.
  const connected = javaScriptEnabled !== false && page.waitForResponse(/\/events\?/)
  await page.goto('/')
  await connected
  await context.clearCookies()
  await page.getByRole('link', { name: 'Library' }).first().click()
  await expect(page).toHaveURL(/\/login\?next=/)
  await expect(page.getByRole('alert')).toHaveText(/Your session ended\s*Sign in to go on\./)
  await page.getByLabel('User id').fill(ADMIN.name)
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/recordings$/)
})

test('signing out ends the session', async ({ member: page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/login/)
  await page.goto('/recordings')
  await expect(page).toHaveURL(/\/login/)
})

test('older recordings are one step away', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const reelroom = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
  // The platform's own automatic recordings: 120 rooms, a minute apart.
  for (let n = 0; n < 120; n++) {
    const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 1, n, second)).toISOString().slice(0, 19).replace('T', ' ')
    const answer = await fetch(`${reelroom.url}/AR/V1/av`, {
      method: 'POST',
      body: JSON.stringify({
        type: '1', mediaType: 'video', userId: '', groupId: `auto-${n}`, startTime: at(0), endTime: at(30),
        fileName: `auto-${n}.mp4`, fileSize: 1000, duration: 30, downloadUrl: `http://192.0.2.1/auto-${n}.mp4`, userData: '',
      }),
    })
    expect(answer.status).toBe(200)
  }
  await signIn(page, reelroom.url)
  const rows = page.getByRole('row').filter({ hasText: /auto-\d+/ })
  const seen = new Set<string>()
  await expect(async () => {
    await open(page, `${reelroom.url}/recordings`, script)
    await expect(rows.first()).toContainText(/auto-119\b/, { timeout: 500 })
  }).toPass()
  for (const count of [50, 50, 20]) {
    await expect(rows).toHaveCount(count)
    for (const text of await rows.allInnerTexts()) seen.add(/auto-\d+/.exec(text)![0])
    const older = page.getByRole('link', { name: 'Load older' })
    if (count === 50) {
      await older.click()
      await page.waitForURL(/after=/)
      await expect(rows.filter({ hasText: new RegExp(`auto-${119 - seen.size}\\b`) })).toHaveCount(1)
    } else {
      await expect(older).toHaveCount(0)
    }
  }
  expect(seen.size).toBe(120)
  await page.getByRole('link', { name: 'Newest' }).click()
  await expect(rows.first()).toContainText(/auto-119\b/)
  await reelroom.stop()
})

test('an account that may only look is offered nothing else', async ({ page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const viewer = { name: script ? 'looks' : 'looks-plainly', password: 'looks-and-plays' }
  reelroom.addUser(viewer.name, viewer.password, 'viewer')
  await signIn(page, '', viewer)
  await open(page, roomPath('board-weekly'), script)
  await expect(page.getByText('This account is view-only')).toBeVisible()
  await expect(page.getByRole('button', { name: /Start recording|Stop recording/ })).toHaveCount(0)
  // Of the settings it has those of the own account.
  await open(page, '/settings', script)
  await expect(page).toHaveURL(/\/settings\/me$/)
  await expect(page.getByRole('heading', { level: 1, name: viewer.name })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Settings' })).toHaveCount(0)
})

test('what was typed for an app stays when it is not taken', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, '/settings', script)
  const form = page.locator('details', { hasText: 'Add an app' })
  if (!(await form.getByLabel('Name', { exact: true }).isVisible())) await form.locator('summary').click()
  await form.getByLabel('Name', { exact: true }).fill('Headquarters')
  await form.getByLabel('AppID', { exact: true }).fill('a1b2c3d4')
  await form.getByLabel('API base').fill('ftp://files.example')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByRole('alert')).toBeVisible()
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('Headquarters')
  await expect(form.getByLabel('API base')).toHaveValue('ftp://files.example')
  // An AppID must not be in an address, so a page without JavaScript asks for it again.
  await expect(form.getByLabel('AppID', { exact: true })).toHaveValue(script ? 'a1b2c3d4' : '')
  expect(page.url()).not.toContain('a1b2c3d4')
})

test('a recording stops when its meeting ends', async ({ member: page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'ends-by-itself' : 'ends-plainly'
  await reelroom.tell(`/sandbox/rooms/${room}/join/u7`, {})
  await open(page, roomPath(room), script)
  await page.locator('details.adv summary').click()
  await page.getByLabel('Stop after (minutes)').fill('soon')
  await page.locator('label.switch', { hasText: 'Stop the recording' }).click()
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByText('Enter a whole number from 1 to 1440.')).toBeVisible()
  await expect(page.getByLabel('Stop after (minutes)')).toHaveValue('soon')
  await page.getByLabel('Stop after (minutes)').fill('30')
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByText(/Stops automatically at \d\d:\d\d, or when the meeting ends/)).toBeVisible()
  await reelroom.tell(`/sandbox/rooms/${room}/end`, {})
  await expect(async () => {
    if (!script) await page.reload()
    await expect(page.getByText('Waiting for files').first()).toBeVisible({ timeout: 500 })
    await expect(page.getByText(/Stops automatically/)).toHaveCount(0, { timeout: 500 })
  }).toPass({ timeout: 15_000 })
})

test('a room is named, starred and hidden', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const [room, title] = script ? ['r-4711', 'Small hall'] : ['r-4712', 'Small hall, plain']
  await open(page, roomPath(room), script)
  await page.getByRole('button', { name: 'Pin', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Unpin' })).toBeVisible()
  await page.locator('.label-menu > button').click()
  await page.getByRole('textbox', { name: 'Title' }).fill(title)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  const row = page.getByRole('navigation', { name: 'Room list' }).getByRole('link', { name: new RegExp(title) })
  await expect(row).toHaveAttribute('href', new RegExp(room))
  await expect(row).toContainText('Pinned')

  if (!(await page.getByRole('textbox', { name: 'Title' }).isVisible())) await page.locator('.label-menu > button').click()
  await page.locator('.label-menu label.switch').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(row).toHaveCount(0)
  await page.getByRole('link', { name: /Hidden rooms: \d/ }).click()
  await expect(row).toBeVisible()
})
