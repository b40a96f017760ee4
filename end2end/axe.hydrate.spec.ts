// No page has an axe violation, in either theme or language, wide or narrow.

import AxeBuilder from '@axe-core/playwright'
import { ADMIN, expect, hydrated, open, roomPath, signIn, test, totp } from './reelroom.ts'

// Disables transitions, so that final colours are measured.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

for (const theme of ['light', 'dark'] as const) {
  test(`every page, ${theme}`, async ({ page, context, baseURL, reelroom }) => {
    test.setTimeout(180_000)
    await context.addCookies([{ name: 'theme', value: theme, url: baseURL! }])
    const check = async (what: string) => {
      await hydrated(page)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map((node) => node.target).join(', ')}`)
      expect.soft(found).toEqual([])
    }
    await page.goto('/login')
    await check('/login')
    await signIn(page)
    await check('/')
    await reelroom.tell('/sandbox/auto/ops-standup', {})
    await open(page, roomPath('board-weekly'))
    await check('a room')
    await page.getByText('Advanced').click()
    await page.getByLabel('File name rule').fill('x{nope}')
    await check('a room with mistakes')
    await open(page, roomPath(`axe-${theme}`))
    await page.getByRole('button', { name: 'Start recording' }).click()
    await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
    await check('a room that is recorded')
    await page.getByRole('button', { name: /Stop recording/ }).click()
    await expect(page.getByText('Waiting for files').first()).toBeVisible()
    await check('a room that waits')
    await open(page, '/recordings')
    await expect(page.getByRole('row').filter({ hasText: 'ops-standup' }).first()).toBeVisible({ timeout: 30_000 })
    await check('/recordings')
    await page.getByRole('link', { name: /ops-standup/ }).first().click()
    // The library shows thumbnails, too.
    await expect(page.getByRole('heading', { level: 1, name: 'ops-standup' })).toBeVisible()
    await expect(page.locator('video, img').first()).toBeVisible()
    await check('a recording')
    const recording = new URL(page.url()).pathname
    await open(page, `${recording}?play=frames`)
    await expect(page.locator('.frames img').first()).toBeVisible()
    await check('frames of a recording')
    await open(page, '/callbacks')
    await page.getByRole('navigation', { name: 'Callbacks' }).getByRole('link').first().click()
    await expect(page.getByRole('region', { name: 'Parsed' })).toBeVisible()
    await check('/callbacks')
    await open(page, '/settings')
    await check('/settings')
    await open(page, '/settings/sign-in')
    await check('/settings/sign-in')
    await open(page, '/settings/me')
    await check('/settings/me')
    await page.locator('summary', { hasText: 'Set it up' }).click()
    await page.locator('#phone-proof').fill(ADMIN.password)
    await page.getByRole('button', { name: 'Set it up' }).click()
    await expect(page.locator('svg.qr')).toBeVisible()
    await check('a key for an app')
    const key = await page.locator('.once code').innerText()
    await page.locator('#otp').fill(totp(key))
    await page.getByRole('button', { name: 'Switch on' }).click()
    await expect(page.getByRole('dialog', { name: 'New recovery codes' })).toBeVisible()
    await check('recovery codes')
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await expect(page.getByText('10 of 10 left')).toBeVisible()
    await check('/settings/me with a second factor')
    // The next theme signs in by the password alone.
    await page.locator('details', { hasText: 'Switch off' }).locator('summary').click()
    await page.locator('#off-proof').fill(ADMIN.password)
    await page.getByRole('button', { name: 'Switch off' }).click()
    await expect(page.getByText('The second factor is off.')).toBeVisible()
    await open(page, '/settings/storage')
    await page.getByRole('button', { name: 'Test storage' }).click()
    await expect(page.getByText('Deleted')).toBeVisible()
    await check('/settings/storage')
    await open(page, '/settings/history')
    await check('/settings/history')
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await check('the export of the history')
    await open(page, '/settings/history?what=watched&person=u1001&from=2026-01-01')
    await check('the filtered history')
    await open(page, '/settings/people')
    await check('/settings/people')
    await page.locator('.ppl a.ent').first().click()
    await expect(page.locator('#detail h2').first()).toBeVisible()
    await check('a person')
    const person = page.url().replace(baseURL!, '')
    const [groups, adding] = ['/settings/people?show=groups', '/settings/people?add=yes']
    for (const path of [groups, adding, '/once/nowhere']) {
      await open(page, path)
      await check(path)
    }
    await page.setViewportSize({ width: 390, height: 844 })
    const people = ['/settings/people', person, groups, adding, '/once/nowhere']
    for (const path of [...people, '/', roomPath('board-weekly'), '/recordings', recording, '/callbacks', '/settings', '/settings/sign-in', '/settings/history', '/settings/me', '/settings/storage']) {
      await open(page, path)
      await check(`${path} at 390 px`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      expect.soft(wide, `${path} scrolls sideways at 390 px`).toBeLessThanOrEqual(390)
    }
  })
}
