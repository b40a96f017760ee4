// The watchdog's forms, with JavaScript and without.

import { expect, open, roomPath, seconds, test } from './reelroom.ts'

test('a room is marked, its meeting recorded, and the mark taken away', async ({ member: page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'mark-js' : 'mark-plain'
  await open(page, roomPath(room), script)
  await page.locator('.label-menu > button').click()
  await expect(page.getByText(/It will use .*, type Meet\./)).toBeVisible()
  await page.getByRole('button', { name: 'Always record this room' }).click()
  await expect(page.getByText(/Every meeting here is recorded automatically/)).toBeVisible()
  await reelroom.tell(`/sandbox/rooms/${room}/join/u7`)
  await expect(async () => {
    if (!script) await page.reload()
    await expect(page.getByText(/with the meeting \(turned on by u1001\)/)).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 15_000 })
  if (!(await page.getByRole('button', { name: 'Turn off “always record”' }).isVisible())) {
    await page.locator('.label-menu > button').click()
  }
  await page.getByRole('button', { name: 'Turn off “always record”' }).click()
  await expect(page.getByText('u1001 turned off “always record”')).toBeVisible()
  // The platform tells whole seconds: who came within the last one is not certain to be recorded.
  await expect(async () => {
    if (!script) await page.reload()
    expect(await seconds(page.locator('#detail .timer').first())).toBeGreaterThanOrEqual(2)
  }).toPass({ timeout: 15_000 })
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByRole('list', { name: 'Expected files' }).getByText('Track of u7')).toBeVisible()
})

test('how long files may take is a setting', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, '/settings', script)
  await page.getByLabel('Late after (minutes)').fill('90')
  const save = page.locator('form', { hasText: 'Late after (minutes)' }).getByRole('button', { name: 'Save' })
  await save.click()
  await expect(page.getByText('Enter whole minutes, at most a week, and late before overdue.')).toBeVisible()
  await expect(page.getByLabel('Late after (minutes)')).toHaveValue('90')
  await page.getByLabel('Late after (minutes)').fill('20')
  await page.getByLabel('Overdue after (minutes)').fill('60')
  await save.click()
  await expect(page.getByText('Enter whole minutes, at most a week, and late before overdue.')).toHaveCount(0)
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
})
