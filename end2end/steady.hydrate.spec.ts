// The pages of the library do not move under a person who reads them.

import type { Page } from '@playwright/test'
import { expect, open, Reelroom, signIn, stopUpdates, test } from './reelroom.ts'

/** The most that a page may shift, as the layout instability API adds it up. */
const MOST = 0.02

/** Adds up the shifts that neither an input of a person nor another page explains. `shifts()` returns them, and begins anew. */
function watch() {
  let shifts = { sum: 0, last: '' }
  // A page that comes more than half a second after the click would count as a shift of the one before.
  addEventListener('turbo:render', () => setTimeout(() => {
    observer.takeRecords()
    shifts = { sum: 0, last: '' }
  }, 100))
  const add = (entries: PerformanceEntryList) => {
    for (const entry of entries) {
      const { value, hadRecentInput, sources } = entry as unknown as { value: number; hadRecentInput: boolean; sources: { node?: Node }[] }
      if (hadRecentInput) continue
      shifts.sum += value
      shifts.last = sources.map(({ node }) => (node as Element | undefined)?.className ?? node?.nodeName).join(', ')
    }
  }
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ type: 'layout-shift', buffered: true })
  Object.assign(globalThis, {
    shifts() {
      add(observer.takeRecords())
      const before = shifts
      shifts = { sum: 0, last: '' }
      return before
    },
  })
}

/** Expects that this page has not moved since the one before it. */
async function expectSteady(page: Page, what: string) {
  // What comes late: pictures, and what scripts add.
  await page.waitForTimeout(700)
  const { sum, last } = await page.evaluate(() => (globalThis as unknown as { shifts(): { sum: number; last: string } }).shifts())
  expect.soft(sum, `${what}: ${last}`).toBeLessThanOrEqual(MOST)
}

test('a list, its pages, a search and a recording stay where they are', async ({ page }) => {
  test.setTimeout(120_000)
  const own = await Reelroom.startWithDemo(2000)
  // The files of a demo have no content. A video that never comes is no error.
  await page.route('**/files/**', (route) => {
    if (route.request().resourceType() === 'media') return
    return route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' })
  })
  await page.addInitScript(watch)
  await signIn(page, own.url)
  const first = page.locator('.recs [data-walk]').first()

  await open(page, `${own.url}/recordings`)
  // What changes in the library meanwhile is another matter.
  await stopUpdates(page)
  await expectSteady(page, 'the list')
  await page.getByRole('link', { name: 'Load older' }).click()
  await expect(page).toHaveURL(/after=/)
  await expectSteady(page, 'the next page')
  await page.getByRole('region', { name: 'Narrow the list' }).getByRole('link', { name: /^Archived/ }).click()
  await expect(page).toHaveURL(/\?archive=archived$/)
  await expectSteady(page, 'a facet')
  await page.getByRole('searchbox', { name: 'Title, room, note, person' }).pressSequentially('客服')
  await expect(page).toHaveURL(/q=/)
  await expect(first).toBeVisible()
  await expectSteady(page, 'a search')
  await first.click()
  await expect(page.locator('main.rec')).toBeVisible()
  await expectSteady(page, 'a recording')
  await page.goBack()
  await expect(first).toBeVisible()
  await expectSteady(page, 'the list that one comes back to')
  await page.close()
  await own.stop()
})
