// Timers run from the server's time: a browser whose clock is wrong shows the same.

import { expect, open, roomPath, seconds, test } from './reelroom.ts'

for (const [what, hours] of [['two hours ahead', 2], ['a day behind', -24]] as const) {
  test(`a clock that is ${what} makes no timer wrong`, async ({ member: page }) => {
    await page.clock.install({ time: Date.now() + hours * 3_600_000 })
    await open(page, roomPath(`clock-${hours}`))
    await page.getByRole('button', { name: 'Start recording' }).click()
    const timer = page.locator('.timer').first()
    // Only the clock is faked; the navigation timing is real. The server sends its time when the
    // page connects.
    await expect.poll(() => seconds(timer)).toBeLessThan(60)
    await expect.poll(() => seconds(timer), { timeout: 20_000 }).toBeGreaterThan(3)
    expect(await seconds(timer)).toBeLessThan(60)
    // After a reload the timer continues.
    const before = await seconds(timer)
    await open(page, roomPath(`clock-${hours}`))
    await expect.poll(() => seconds(timer)).toBeLessThan(before + 60)
    await expect.poll(() => seconds(timer)).toBeGreaterThanOrEqual(before)
    expect(await seconds(timer)).toBeLessThan(before + 60)
    await page.getByRole('button', { name: /Stop recording/ }).click()
    await expect(page.getByText('Waiting for files').first()).toBeVisible()
  })
}
