// A start without an answer: what the page shows, what a check finds, and how it ends.

import { expect, open, roomPath, test } from './reelroom.ts'

test('an unanswered start is looked at, stopped to be safe, and its files come', async ({ member: page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'ops-standup' : 'hiring-panel'
  // The recording starts, but the answer arrives after the timeout.
  await reelroom.faults({ start: 'swallow' })
  await open(page, roomPath(room), script)
  await page.getByLabel('File name rule').fill('{roomid}_{date}_{random}')
  await page.getByRole('button', { name: 'Start recording' }).click()
  const banner = page.getByRole('alert').filter({ hasText: 'anyRTC did not answer the start request. The room may be recording.' })
  await expect(banner).toBeVisible({ timeout: 20_000 })
  await reelroom.faults()

  const check = page.getByRole('button', { name: 'Check' })
  if (script) {
    await page.keyboard.press('c')
  } else {
    await check.click()
  }
  const happened = page.getByRole('region', { name: 'What happened' })
  const line = happened.getByRole('listitem').filter({ hasText: 'u1001 checked' })
  // Others may have joined meanwhile: the sandbox simulates live meetings.
  const present = /\d+ (person is|people are) in the room\./
  await expect(line).toContainText(present)
  await expect(line).toContainText('No file and no activity: it may still be recording.')
  await expect(banner).toContainText(present)
  await expect(happened).toContainText('Checking automatically')
  await expect(happened).toContainText(/\d+ checks? so far; anyRTC's file list allows 5 requests a minute/)
  if (script) {
    // The button is still in its place and can be pressed again.
    await check.click()
    await expect(line).toHaveCount(2)
    await expect(check).toBeFocused()
  }
  // Another visitor sees the same, and no form that could start a second recording.
  await expect(page.getByRole('button', { name: 'Start recording' })).toHaveCount(0)

  await page.getByRole('button', { name: 'Stop to be safe' }).click()
  await expect(banner).toHaveCount(0)
  await expect(async () => {
    await page.goto(`/recordings?q=${room}`)
    await expect(page.getByRole('row').filter({ hasText: room }).first()).toContainText(/Archived\s*$/, { timeout: 500 })
  }).toPass({ timeout: 30_000 })
})

test('a late answer is an answer, and a refusal says that nothing is recorded', async ({ member: page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'late-js' : 'late-plain'
  await reelroom.faults({ start: { late: 1500 } })
  await open(page, roomPath(room), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await reelroom.faults({ start: 'refuse' })
  const other = `${room}-2`
  await open(page, roomPath(other), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('heading', { name: 'anyRTC refused the start. Nothing is being recorded.' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Check' })).toHaveCount(0)
  await reelroom.faults()
})
