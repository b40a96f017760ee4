// The main task of a user: record a room, watch the file, download it.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, hydrated, open, roomPath, seconds, signInByForm, test } from './reelroom.ts'

test('a room is recorded, its files arrive by themselves, and the video plays', async ({ page, reelroom }) => {
  await signInByForm(page)
  await hydrated(page)

  // The sandbox has live rooms; they come by status callbacks.
  const list = page.getByRole('navigation', { name: 'Room list' })
  await expect(list.getByText('Live').first()).toBeVisible()
  await list.getByRole('link', { name: /board-weekly/ }).click()
  await expect(page.getByRole('heading', { name: 'board-weekly', level: 1 })).toBeVisible()

  // The rule and its preview work in the browser, without a round trip.
  const rule = page.getByLabel('File name rule')
  await rule.fill('demo_{roomid}_{date}_{random}')
  const preview = page.getByRole('group', { name: 'Preview' }).or(page.getByLabel('Preview'))
  await expect(preview.first()).toContainText(/demo_board-weekly_\d{8}_[0-9A-Za-z]{4}\.mp4/)
  await rule.fill('demo_{nope}')
  await expect(page.getByText(/anyRTC does not know/)).toBeVisible()
  await rule.fill('demo_{roomid}_{date}_{random}')

  // The actual start and stop lie between the click and the visible result.
  const start = Date.now()
  await page.getByRole('button', { name: 'Start recording' }).click()
  const stop = page.getByRole('button', { name: /Stop recording/ })
  await expect(stop).toBeVisible()
  const started = Date.now()
  const timer = page.locator('#detail .timer').first()
  for (const least of [1, 3, 5]) await expect.poll(() => seconds(timer)).toBeGreaterThanOrEqual(least)
  expect(await seconds(timer)).toBeLessThanOrEqual((Date.now() - start) / 1000 + 1)
  const end = Date.now()
  await stop.click()
  // From here on, the page is not reloaded: the mark on the window would be lost.
  await page.evaluate(() => Object.assign(window, { mark: true }))
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
  const ended = Date.now()
  const card = page.getByRole('region', { name: 'Progress' })
  await expect(card.getByText(/Ready/).first()).toBeVisible()
  // The state of the room varies: simulated people come and go.
  await expect(page.locator('.panel-h').getByText(/Live|Idle|Ready/).first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('link', { name: 'Open recording' })).toHaveClass(/primary/, { timeout: 30_000 })
  expect(await page.evaluate(() => 'mark' in window)).toBe(true)

  // The library, and the page of the recording.
  await page.getByRole('link', { name: 'Library' }).first().click()
  await page.locator('main td').getByRole('link', { name: /board-weekly/ }).first().click()
  await expect(page).toHaveURL(/\/recordings\/[0-9a-f]{32}/)
  const video = page.locator('video')
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.readyState), { timeout: 20_000 }).toBeGreaterThan(0)

  const length = await video.evaluate((v: HTMLVideoElement) => v.duration)
  expect(length).toBeGreaterThan((end - started) / 1000 - 1)
  expect(length).toBeLessThan((ended - start) / 1000 + 1)
  await video.evaluate((v: HTMLVideoElement) => { v.muted = true; return v.play() })
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.currentTime)).toBeGreaterThan(0.5)
  await video.evaluate((v: HTMLVideoElement) => { v.pause(); v.currentTime = 3 })
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => !v.seeking && Math.abs(v.currentTime - 3) < 0.2)).toBe(true)
  expect(await video.evaluate((v: HTMLVideoElement) => v.videoWidth)).toBeGreaterThan(0)
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.currentTime)).toBe(0)
  await page.keyboard.press('.')
  await page.keyboard.press('.')
  await page.keyboard.press(',')
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.currentTime)).toBeCloseTo(0.04, 3)
  await page.keyboard.press('m')
  expect(await video.evaluate((v: HTMLVideoElement) => v.muted)).toBe(false)

  // The archive is complete: the download equals the platform's file and has its name.
  await expect(page.getByText('Archived').first()).toBeVisible({ timeout: 30_000 })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Download demo_board-weekly.*mp4/ }).first().click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^demo_board-weekly_\d{8}_[0-9A-Za-z]{4}\.mp4$/)
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
  const [made] = reelroom.made(download.suggestedFilename())
  expect(digest(await download.path())).toBe(digest(made))
})

test('a recording that the platform made by itself appears in the library', async ({ member: page, reelroom }) => {
  await open(page, '/recordings')
  await reelroom.tell('/sandbox/auto/hiring-panel', {})
  const row = page.getByRole('row').filter({ hasText: 'hiring-panel' })
  await expect(row.first()).toBeVisible({ timeout: 30_000 })
  await expect(row.first()).toContainText('auto')
})

test('what was typed survives a reload and another visit', async ({ member: page, reelroom }) => {
  await reelroom.faults({ start: 'refuse' })
  await open(page, roomPath('legal-review'))
  await page.getByLabel('File name rule').fill('legal_{date}_{random}_kept')
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('heading', { name: 'anyRTC refused the start. Nothing is being recorded.' })).toBeVisible()
  await expect(page.getByLabel('File name rule')).toHaveValue('legal_{date}_{random}_kept')
  await open(page, roomPath('legal-review'))
  await expect(page.getByLabel('File name rule')).toHaveValue('legal_{date}_{random}_kept')
  await reelroom.faults()
})

test('two windows see the same state at once', async ({ member: page, context }) => {
  const other = await context.newPage()
  await open(other, roomPath('lab-west'))
  await open(page, roomPath('lab-west'))
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(other.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await other.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
})

test('an island changes its language and keeps what was typed', async ({ member: page }) => {
  await open(page, roomPath('language'))
  await page.locator('#rule').fill('kept_{date}_{random}_typed')
  await page.getByRole('button', { name: '中文', exact: true }).click()
  await expect(page.locator('#start-recording')).toContainText('开始录制')
  await expect(page.locator('#rule')).toHaveValue('kept_{date}_{random}_typed')
  await expect(page.locator('.composer .mirror .tok')).toHaveText(['{date}', '{random}'])
  // The account keeps its language, also for the tests after this one.
  await page.getByRole('button', { name: 'English', exact: true }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test('language and theme switch at once and stay', async ({ member: page }) => {
  await open(page, '/')
  await page.getByRole('button', { name: '中文', exact: true }).click()
  await expect(page.getByRole('heading', { name: '房间' }).first()).toBeVisible()
  await open(page, '/recordings')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  const before = await page.locator('html').getAttribute('data-theme')
  await page.getByRole('button', { name: /主题/ }).click()
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', before!)
  const theme = await page.locator('html').getAttribute('data-theme')
  await open(page, '/recordings')
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme!)
  await page.getByRole('button', { name: 'English', exact: true }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})
