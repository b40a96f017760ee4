// The page of a recording: the played file is in the address, and playback continues at the same time.

import { expect, open, roomPath, test } from './reelroom.ts'

test('a track is chosen, and goes on where the composite was', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(90_000)
  const script = javaScriptEnabled !== false
  const room = script ? 'tracks-js' : 'tracks-plain'
  await reelroom.tell(`/sandbox/rooms/${room}/join/ada`, {})
  await open(page, roomPath(room), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  // With scripts, the video is played and searched.
  await page.waitForTimeout(script ? 3000 : 1000)
  await reelroom.tell(`/sandbox/rooms/${room}/join/bob`, {})
  await page.waitForTimeout(script ? 4000 : 2000)
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(async () => {
    await page.goto(`/recordings?q=${room}`)
    await expect(page.getByRole('row').filter({ hasText: room }).first()).toContainText(/Archived\s*$/, { timeout: 500 })
  }).toPass({ timeout: 40_000 })
  await page.getByRole('row').filter({ hasText: room }).getByRole('link').first().click()
  await expect(page.getByRole('heading', { level: 1, name: room })).toBeVisible()

  const choice = page.getByRole('navigation', { name: 'What is played' })
  const now = choice.locator('[aria-current=true]')
  const video = page.locator('video')
  const bob = page.getByRole('row').filter({ hasText: 'bob' })
  const film = page.getByRole('navigation', { name: 'Filmstrip' })
  const picture = film.getByRole('link', { name: 'Play from 00:00:02' })
  await expect(async () => {
    await page.reload()
    await expect(picture).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 20_000 })
  await expect(now).toHaveText('Composite')
  const composite = await video.getAttribute('src')
  if (!script) {
    await picture.click()
    await expect(now).toHaveText('Composite')
    await expect(video).toHaveAttribute('src', `${composite}#t=2`)
    await choice.getByRole('link', { name: 'bob' }).click()
    await expect(now).toHaveText('bob')
    await expect(video).not.toHaveAttribute('src', composite!)
    await expect(page.locator('.sound')).toContainText('bob')
    await expect(page.locator('.waveform path')).toHaveAttribute('d', /^M0 \d/)
    await choice.getByRole('link', { name: 'Frames' }).click()
    await expect(page.getByRole('link', { name: /^Frame at/ }).first()).toBeVisible()
    return
  }

  const at = () => video.evaluate((v: HTMLVideoElement) => v.currentTime)
  const start = () => video.evaluate((v: HTMLVideoElement) => Number(v.dataset.start))
  const length = () => video.evaluate((v: HTMLVideoElement) => v.duration)
  await expect(bob).toHaveCount(1)
  await expect.poll(length).toBeGreaterThan(5)
  await page.evaluate(() => Object.assign(window, { mark: true }))
  const { href } = new URL(page.url())
  await picture.click()
  await expect.poll(at).toBeCloseTo(2, 1)
  expect(page.url()).toBe(href)
  const begun = await start()
  await video.evaluate((v: HTMLVideoElement) => { v.currentTime = 5 })
  await choice.getByRole('link', { name: 'bob' }).click()
  await expect(now).toHaveText('bob')
  await expect(page).toHaveURL(/play=/)
  const later = ((await start()) - begun) / 1000
  expect(later).toBeGreaterThan(1)
  await expect.poll(at).toBeCloseTo(5 - later, 1)
  expect(await video.evaluate((v: HTMLVideoElement) => v.paused)).toBe(true)
  await expect(choice.getByRole('link', { name: 'bob' })).toBeFocused()

  // Back to the composite by its key. It plays, because the track did. A time before the track began leads to
  // the start of the track.
  await video.evaluate((v: HTMLVideoElement) => { v.muted = true; v.currentTime = 0; return v.play() })
  await page.keyboard.press('0')
  await expect(now).toHaveText('Composite')
  await expect.poll(at).toBeGreaterThan(later)
  expect(await video.evaluate((v: HTMLVideoElement) => v.paused)).toBe(false)
  await page.keyboard.press('Space')
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.paused)).toBe(true)
  await video.evaluate((v: HTMLVideoElement) => { v.currentTime = 1 })
  await choice.getByRole('link', { name: 'bob' }).click()
  await expect(now).toHaveText('bob')
  await expect.poll(at).toBe(0)

  // Frames have no time: after them, playback is where it was.
  await page.keyboard.press('0')
  await expect(now).toHaveText('Composite')
  await video.evaluate((v: HTMLVideoElement) => { v.currentTime = 4 })
  await choice.getByRole('link', { name: 'Frames' }).click()
  await expect(page.getByRole('link', { name: /^Frame at/ }).first()).toBeVisible()
  await page.keyboard.press('0')
  await expect.poll(at).toBeCloseTo(4, 1)

  // Another change of this recording does not interrupt playback.
  await video.evaluate((v: HTMLVideoElement) => { v.currentTime = 0; return v.play() })
  const loads = await video.evaluate((v: HTMLVideoElement) => {
    const count = { loads: 0 }
    v.addEventListener('loadstart', () => count.loads++)
    Object.assign(window, { count })
    return count.loads
  })
  expect(loads).toBe(0)
  const refreshed = page.waitForResponse((answer) => answer.url() === page.url())
  await reelroom.tell(`/sandbox/auto/${room}`, {})
  await refreshed
  await expect.poll(at).toBeGreaterThan(1)
  expect(await page.evaluate(() => (window as unknown as { count: { loads: number } }).count.loads)).toBe(0)

  // All on one page, with one history entry.
  expect(await page.evaluate(() => 'mark' in window)).toBe(true)
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(keys).toContainText('Play or pause')
  await expect(keys).toContainText('bob')
  await page.keyboard.press('Escape')
  await page.goBack()
  await expect(page).toHaveURL(/\/recordings\?q=/)
})

test('a recording that is not there has no page', async ({ member: page }) => {
  for (const id of ['0'.repeat(32), 'nothing', '..%2F', '%25']) {
    const answer = await page.request.get(`/recordings/${id}`)
    expect(answer.status(), id).toBe(404)
  }
})
