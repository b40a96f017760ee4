// Rooms that are always recorded, two people at one room, and the ledger that fills line by line.

import { expect, open, Reelroom, roomPath, signIn, test, WITH_ADMIN } from './reelroom.ts'

test('a marked room is recorded by itself, and stops with its meeting', async ({ member: page, reelroom }) => {
  const room = 'always-js'
  await open(page, roomPath(room))
  await page.locator('.label-menu > button').click()
  await page.getByRole('button', { name: 'Always record this room' }).click()
  await expect(page.getByText(/Every meeting here is recorded automatically\. Turned on .* by u1001\./)).toBeVisible()
  await reelroom.tell(`/sandbox/rooms/${room}/join/u7`)
  await expect(page.getByText(/Started .* with the meeting \(turned on by u1001\)/)).toBeVisible()
  await expect(page.getByText('Stops automatically when the meeting ends')).toBeVisible()
  await page.waitForTimeout(1500)
  await reelroom.tell(`/sandbox/rooms/${room}/end`)
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
  await page.getByRole('link', { name: 'Open recording' }).click()
  await expect(page.getByText('Requested with the meeting (turned on by u1001)')).toBeVisible()
})

test('of two who press start at once one starts, and the other learns who', async ({ member: page, browser, reelroom }) => {
  const room = 'two-at-once'
  reelroom.addUser('u2002', 'board-weekly-8C', 'operator')
  const context = await browser.newContext({ baseURL: reelroom.url })
  const other = await context.newPage()
  await signIn(other, reelroom.url, { name: 'u2002', password: 'board-weekly-8C' })
  const pages = [page, other]
  for (const one of pages) await open(one, reelroom.url + roomPath(room))
  // Dispatch both clicks at once: a normal click waits for a stable page, where one button is already gone.
  for (const one of pages) await expect(one.getByRole('button', { name: 'Start recording' })).toBeVisible()
  await Promise.all(pages.map((one) => one.locator('#start-recording').dispatchEvent('click')))
  for (const one of pages) await expect(one.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  const note = /(u1001|u2002) started it at \d\d:\d\d\. No second recording was started\./
  await expect(async () => {
    const told = await Promise.all(pages.map((one) => one.getByText(note).count()))
    expect(told.reduce((sum, one) => sum + one)).toBe(1)
  }).toPass({ timeout: 5_000 })
  const first = (await page.getByText(note).count()) ? 'u2002' : 'u1001'
  for (const one of pages) await expect(one.getByText(new RegExp(`Started [\\d:]+ by ${first}`))).toBeVisible()

  await Promise.all(pages.map((one) => one.getByRole('button', { name: /Stop recording/ }).click()))
  for (const one of pages) {
    await expect(one.getByText('Waiting for files').first()).toBeVisible()
    await expect(one.getByText('The state has changed in the meantime')).toHaveCount(0)
  }
  await context.close()
})

test('the ledger names who is expected and fills while one looks', async ({ page, troubles }) => {
  // The sandbox announces no files; this test announces them one by one.
  const reelroom = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
  await reelroom.faults({ callbacks: 'drop', video_list: 'error' })
  await signIn(page, reelroom.url)
  const room = 'ledger'
  await reelroom.tell(`/sandbox/rooms/${room}/join/ada`)
  await reelroom.tell(`/sandbox/rooms/${room}/join/bob`)
  await open(page, reelroom.url + roomPath(room))
  await expect(page.getByText('2 people since').first()).toBeVisible()
  const begun = Math.floor(Date.now() / 1000)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await page.waitForTimeout(1500)
  await reelroom.tell(`/sandbox/rooms/${room}/leave/bob`)
  await expect(page.getByText('1 person since').first()).toBeVisible()
  await page.getByRole('button', { name: /Stop recording/ }).click()

  const ledger = page.getByRole('list', { name: 'Expected files' })
  const line = (what: string) => ledger.getByRole('listitem').filter({ hasText: what })
  for (const what of ['Composite', 'Track of ada', 'Track of bob']) {
    await expect(line(what)).toContainText(/expected, due by \d\d:\d\d/)
  }
  await expect(line('Frames')).toContainText('does not say how many')
  const announce = async (type: string, userId: string) => {
    const answer = await fetch(`${reelroom.url}/AR/V1/av`, {
      method: 'POST',
      body: JSON.stringify({
        type, mediaType: 'video', userId, groupId: room, fileName: `${type}${userId}.mp4`, fileSize: 1000, duration: 2,
        startTime: `${begun + 1}`, endTime: `${begun + 2}`, downloadUrl: `http://192.0.2.1/${type}${userId}.mp4`, userData: '',
      }),
    })
    expect(answer.status).toBe(200)
  }
  await announce('2', 'bob')
  await expect(line('Track of bob')).toContainText(/arrived \d\d:\d\d/)
  await expect(line('Track of ada')).toContainText('expected')
  await announce('2', 'eve')
  await expect(line('Track of eve')).toContainText('arrived')
  await page.getByRole('link', { name: 'Open recording' }).click()
  await expect(line('Track of bob')).toContainText('arrived')
  await announce('2', 'ada')
  await expect(line('Track of ada')).toContainText('arrived')
  await announce('1', '')
  await expect(ledger).toHaveCount(0)
  await expect(page.getByRole('row').filter({ hasText: '2ada.mp4' })).toBeVisible()
  // The player may load the composite before its address is found not to belong to the app.
  const refused = troubles.findIndex((trouble) => /403 .*\/files\//.test(trouble))
  if (refused >= 0) troubles.splice(refused, 1)
  await reelroom.stop()
})

test('a meeting that was on before the mark is offered with one click', async ({ member: page, reelroom }) => {
  const room = 'missed-js'
  await reelroom.tell(`/sandbox/rooms/${room}/join/u7`)
  await open(page, roomPath(room))
  await expect(page.getByText('1 person since').first()).toBeVisible()
  await page.locator('.label-menu > button').click()
  await page.getByRole('button', { name: 'Always record this room' }).click()
  // The watchdog's grace period for a start is 30 seconds.
  await expect(page.getByRole('heading', { name: 'A meeting is on and is not being recorded' })).toBeVisible({ timeout: 45_000 })
  const row = page.locator('.row-alert').filter({ hasText: 'Not recorded' })
  await expect(row).toHaveCount(1)
  // A refusal is shown in the room.
  await reelroom.faults({ start: 'refuse' })
  await row.getByRole('button', { name: 'Start now' }).click()
  await expect(page.locator('.panel .alerts .banner').first()).toContainText('anyRTC', { timeout: 15_000 })
  await reelroom.faults()
  await row.getByRole('button', { name: 'Start now' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await expect(row).toHaveCount(0)
})
