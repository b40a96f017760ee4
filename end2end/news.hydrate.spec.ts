// Notifications of the browser: sent while the page is hidden, once for each start that fails, and only on a device
// where a person turned them on.

import type { Page } from '@playwright/test'
import { expect, open, roomPath, test } from './reelroom.ts'

type Notified = { title: string; tag: string }

/** The notifications that the page has sent. */
const notified = (page: Page) => page.evaluate(() => (window as unknown as { notified: Notified[] }).notified)

const setHidden = (page: Page, isHidden: boolean) =>
  page.evaluate((isHidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  }, isHidden)

/** Starts a recording from another window; the sandbox refuses it. */
const fail = (page: Page, url: string, room: string) =>
  page.request.post(`${url}/fn/start_recording`, { form: { room, rule: 'n_{date}_{random}', kind: 'Meet' }, headers: { accept: 'application/json' } })

const choice = (page: Page) => page.getByRole('checkbox', { name: 'Notify me when a recording needs attention' })
const toggle = (page: Page) => page.locator('label.switch', { hasText: 'Notify me' }).click()
const toast = (page: Page, room: string) => page.locator('.toast').filter({ hasText: room })

test.beforeEach(async ({ page, own }) => {
  // Headless browsers show no notifications and ask for no permission.
  await page.addInitScript(() => {
    const notified: Notified[] = []
    class Notification {
      static get permission() {
        return localStorage.getItem('permission') ?? 'default'
      }
      static async requestPermission() {
        const answer = localStorage.getItem('answer') ?? 'granted'
        localStorage.setItem('permission', answer)
        return answer
      }
      constructor(title: string, { tag }: { tag: string }) {
        notified.push({ title, tag })
      }
    }
    Object.assign(window, { Notification, notified })
  })
  await own.faults({ start: 'refuse' })
  await open(page, `${own.url}/settings/me`)
})

test('a hidden page notifies of what needs attention, once, and each room replaces its own', async ({ page, own }) => {
  await expect(choice(page)).not.toBeChecked()
  await toggle(page)
  await expect(choice(page)).toBeChecked()
  await open(page, `${own.url}/settings/me`)
  await expect(choice(page)).toBeChecked()

  // What is told on a visible page is not told again.
  await fail(page, own.url, 'seen')
  await expect(toast(page, 'seen')).toHaveCount(1)
  await setHidden(page, true)
  const tag = (room: string) => own.url + roomPath(room)
  for (const [n, room] of ['first', 'second', 'first'].entries()) {
    await fail(page, own.url, room)
    await expect.poll(async () => (await notified(page)).length, room).toBe(n + 1)
    const last = (await notified(page)).at(-1)!
    expect(last.title).toContain(room)
    expect(last.tag).toBe(tag(room))
  }
  // A refresh for another reason sends nothing.
  await own.faults()
  await fail(page, own.url, 'works')
  await expect(page.getByRole('region', { name: 'Recording now' }).getByRole('link', { name: 'works' })).toBeVisible()
  expect(await notified(page)).toHaveLength(3)
})

test('nothing is sent from a page that was loaded with the toast in sight', async ({ page, own }) => {
  await toggle(page)
  await fail(page, own.url, 'seen')
  await open(page, `${own.url}/settings/me`)
  await expect(toast(page, 'seen')).toHaveCount(1)
  await setHidden(page, true)
  await fail(page, own.url, 'other')
  await expect.poll(async () => (await notified(page)).map(({ title }) => title)).toEqual([expect.stringContaining('other')])
})

test('nothing is sent on a device where notifications are turned off, or were denied', async ({ page, own }) => {
  await page.evaluate(() => localStorage.setItem('answer', 'denied'))
  await toggle(page)
  await expect(choice(page)).not.toBeChecked()
  await page.evaluate(() => localStorage.setItem('answer', 'granted'))
  for (const isOn of [true, false]) {
    await toggle(page)
    await expect(choice(page)).toBeChecked({ checked: isOn })
  }
  await setHidden(page, true)
  await fail(page, own.url, 'silent')
  // Another page tells it; the hidden one has had the same time.
  const other = await page.context().newPage()
  await open(other, `${own.url}/recordings`)
  await expect(toast(other, 'silent')).toHaveCount(1)
  await other.close()
  expect(await notified(page)).toEqual([])
  await setHidden(page, false)
  await expect(toast(page, 'silent')).toHaveCount(1)
  expect(await notified(page)).toEqual([])
})
