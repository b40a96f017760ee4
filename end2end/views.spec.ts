// Saved views and the calendar of the library; with JavaScript and without.

import type { Page } from '@playwright/test'
import { expect, open, test, type Reelroom } from './reelroom.ts'

/** Waits until the room's recording is in the library. */
async function record(page: Page, reelroom: Reelroom, room: string, script: boolean) {
  await reelroom.tell(`/sandbox/auto/${room}`, {})
  await expect(async () => {
    await open(page, `/recordings?q=${room}`, script)
    await expect(page.getByRole('row').filter({ hasText: room }).first()).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000 })
}

const tabs = (page: Page) => page.getByRole('navigation', { name: 'Views' })
const calendar = (page: Page) => page.locator('#calendar')

test('a filter is saved as a view, is a tab, and is renamed and removed', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(90_000)
  const script = javaScriptEnabled !== false
  const name = `Lessons ${Date.now()}`
  await record(page, reelroom, 'views-a', script)
  await expect(tabs(page).getByRole('link', { name: /^All/ })).not.toHaveAttribute('aria-current', 'page')
  await page.getByRole('link', { name: 'Save this view' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save this view' })
  await expect(dialog.getByText('Its number is counted anew: 1 now.')).toBeVisible()
  if (script) {
    await expect(dialog.getByLabel('Name')).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await page.getByRole('link', { name: 'Save this view' }).click()
  }
  await dialog.getByLabel('Name').fill(' ')
  await dialog.getByRole('radio', { name: 'Everyone' }).check()
  await dialog.getByRole('button', { name: 'Save view' }).click()
  await expect(dialog.getByText('A name has 1 to 80 characters.')).toBeVisible()
  await expect(dialog.getByRole('radio', { name: 'Everyone' })).toBeChecked()
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Save view' }).click()
  await expect(dialog).toHaveCount(0)
  const tab = tabs(page).getByRole('link', { name })
  await expect(tab).toHaveAttribute('aria-current', 'page')
  await expect(tab).toContainText('1')

  await tabs(page).getByRole('link', { name: /^All/ }).click()
  await expect(page).toHaveURL(/\/recordings$/)
  await tab.click()
  await expect(page).toHaveURL(/q=views-a/)
  await expect(tab).toHaveAttribute('aria-current', 'page')

  // The same name once more is refused.
  await open(page, '/recordings?last=7&save=yes', script)
  await dialog.getByLabel('Name').fill(name.toUpperCase())
  await dialog.getByRole('button', { name: 'Save view' }).click()
  await expect(dialog.getByText('You have another view with this name.')).toBeVisible()
  await dialog.getByRole('link', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)

  await tabs(page).getByRole('link', { name: 'Manage views' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Saved views' })).toBeVisible()
  const line = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Lessons' }) })
  await line.getByLabel('Name').fill('Renamed lessons')
  await line.getByLabel('Who sees it').selectOption('Only me')
  await line.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('link', { name: 'Renamed lessons' })).toBeVisible()
  await expect(line.getByLabel('Who sees it')).toHaveValue('me')
  await expect(line.locator('.tag')).toHaveText('“views-a”')
  await line.getByText('Remove this view').click()
  await page.getByRole('button', { name: 'Remove Renamed lessons' }).click()
  await expect(page.getByRole('link', { name: 'Renamed lessons' })).toHaveCount(0)

  await open(page, `/settings/history?q=${encodeURIComponent('lessons')}`, script)
  const row = (words: string) => page.getByRole('table', { name: 'History' }).getByRole('row').filter({ hasText: words })
  await expect(row('shared the view with everyone').filter({ hasText: name })).toHaveCount(1)
  await expect(row('stopped sharing the view').first()).toBeVisible()
})

test('a view that was saved as a grid opens as a grid', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(90_000)
  const script = javaScriptEnabled !== false
  await record(page, reelroom, 'views-grid', script)
  await open(page, '/recordings?q=views-grid&view=grid&save=yes', script)
  const dialog = page.getByRole('dialog', { name: 'Save this view' })
  await dialog.getByLabel('Name').fill('In pictures')
  await dialog.getByRole('button', { name: 'Save view' }).click()
  await expect(dialog).toHaveCount(0)
  await open(page, '/recordings', script)
  await tabs(page).getByRole('link', { name: 'In pictures' }).click()
  await expect(page).toHaveURL(/\/recordings\?q=views-grid&view=grid$/)
  await expect(page.locator('main')).toHaveAttribute('data-view', 'grid')
  // A view that everybody has opens as the list is now.
  await tabs(page).getByRole('link', { name: /^All/ }).click()
  await expect(page).toHaveURL(/\/recordings\?view=grid$/)
  await open(page, '/recordings/views', script)
  await expect(page.getByRole('link', { name: 'In pictures' })).toHaveAttribute('href', /view=grid/)
})

test('on a phone the views are a menu, and the calendar is behind a button', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, '/recordings', script)
  await expect(tabs(page)).toBeHidden()
  await page.locator('.views > button').click()
  await tabs(page).getByRole('link', { name: /^Not archived yet/ }).click()
  await expect(page).toHaveURL(/archive=remote&archive=fetching/)
  await expect(page.locator('.views > button')).toContainText('Not archived yet')
  await expect(tabs(page)).toBeHidden()
  await expect(calendar(page)).toBeHidden()
  await page.getByRole('button', { name: 'Calendar' }).click()
  await expect(calendar(page)).toBeVisible()
  await calendar(page).locator('a[aria-current=date]').click()
  await expect(page).toHaveURL(/from=(\d{4}-\d\d-\d\d)&to=\1/)
  await expect(calendar(page)).toBeHidden()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})

test('the calendar leads to a day, to several days and to another month', async ({ member: page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await record(page, reelroom, 'views-day', script)
  const today = calendar(page).locator('a[aria-current=date]')
  await expect(today).toHaveAccessibleName(/^\d+ \w+, 1 recording$/)
  await expect(today).toHaveClass('l4')
  await today.click()
  await expect(page).toHaveURL(/q=views-day&from=(\d{4}-\d\d-\d\d)&to=\1/)
  await expect(today).toHaveAttribute('data-range', 'in first last')
  await expect(page.getByRole('row').filter({ hasText: 'views-day' }).first()).toBeVisible()
  await expect(calendar(page).getByRole('link', { name: 'Later month' })).toHaveCount(0)

  const heading = calendar(page).getByRole('heading')
  const present = await heading.innerText()
  await calendar(page).getByRole('link', { name: 'Earlier month' }).click()
  await expect(heading).not.toHaveText(present)
  await expect(page).toHaveURL(/q=views-day/)
  if (script) {
    const day = (n: number) => calendar(page).getByRole('link', { name: new RegExp(`^${n} `) })
    await day(12).hover()
    await page.mouse.down()
    await day(5).hover()
    await expect(calendar(page).locator('[data-picked]')).toHaveCount(8)
    await day(3).hover()
    await page.mouse.up()
    await expect(page).toHaveURL(/from=\d{4}-\d\d-03&to=\d{4}-\d\d-12/)
    await expect(calendar(page).locator('[data-range]')).toHaveCount(10)
    await expect(page.getByRole('row').filter({ hasText: 'views-day' })).toHaveCount(0)
  }
  await calendar(page).getByRole('link', { name: 'Later month' }).click()
  await expect(heading).toHaveText(present)
})
