// Small details of daily use.

import { expect, open, roomPath, test } from './reelroom.ts'

test('who corrects a field in the fold stays in it', async ({ member: page }) => {
  await open(page, roomPath('fold-stays'))
  await page.locator('details.adv > summary').click()
  const path = page.getByLabel('Storage path')
  await path.fill('../x')
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(path).toBeFocused()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('archive')
  await expect(path).toHaveValue('archive')
  await expect(path).toBeFocused()
  await expect(page.getByRole('button', { name: 'Start recording' })).toBeVisible()
})

for (const id of ['r%41', 'half 100%25', 'x%2Fy', '..']) {
  test(`the room ${id} is no other`, async ({ member: page }) => {
    await open(page, roomPath(id))
    await expect(page.locator('.panel h1')).toHaveText(id)
    await page.getByRole('button', { name: 'Start recording' }).click()
    const running = page.getByRole('complementary').getByRole('link', { name: id })
    await expect(running).toBeVisible()
    await running.click()
    await expect(page.locator('.panel h1')).toHaveText(id)
    await page.getByRole('button', { name: /Stop recording/ }).click()
    await expect(page.getByText('Waiting for files').first()).toBeVisible()
  })
}

test('what was pressed goes away, and the focus stays in the room', async ({ member: page }) => {
  await open(page, roomPath('focus-stays'))
  await page.getByRole('button', { name: 'Start recording' }).focus()
  await page.keyboard.press('Enter')
  const stop = page.getByRole('button', { name: /Stop recording/ })
  await expect(stop).toBeVisible()
  await expect(page.locator('.panel h1')).toBeFocused()
  await stop.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
  await expect(page.locator('.panel h1')).toBeFocused()
})

test('after a start from a scrolled form the timer and Stop are in view', async ({ member: page }) => {
  for (const [width, height] of [[1440, 900], [820, 900], [390, 844]]) {
    await page.setViewportSize({ width, height })
    await open(page, roomPath(`scrolled-${width}`))
    await page.locator('details.adv > summary').click()
    await page.locator('.panel-b').evaluate((panel) => panel.scrollTo(0, panel.scrollHeight))
    await page.getByRole('button', { name: 'Start recording' }).click()
    const stop = page.getByRole('button', { name: /Stop recording/ })
    await expect(stop).toBeInViewport({ ratio: 1 })
    await expect(page.locator('#detail .timer').first()).toBeInViewport({ ratio: 1 })
    await stop.click()
    await expect(page.getByText('Waiting for files').first()).toBeVisible()
  }
})

test('who removes a room goes on with the list', async ({ member: page }) => {
  await open(page, roomPath('mistyped-room'))
  await page.getByRole('button', { name: 'Room options' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page).toHaveURL(/\/$/)
  await expect(page.getByRole('heading', { level: 1, name: 'Rooms' })).toBeFocused()
  // The arrow keys still walk the list.
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('.rows .row').first()).toBeFocused()
})

test('a refused stop says so, and nothing else', async ({ member: page, reelroom }) => {
  await open(page, roomPath('stop-refused'))
  await page.getByRole('button', { name: 'Start recording' }).click()
  await reelroom.faults({ stop: 'refuse' })
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByRole('heading', { name: 'anyRTC refused the stop.' })).toBeVisible()
  await expect(page.getByText(/, refused$/)).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(1)
  await expect(page.getByText(/no answer/)).toHaveCount(0)
  await reelroom.faults()
  await page.getByRole('button', { name: /Stop to be safe/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
})
