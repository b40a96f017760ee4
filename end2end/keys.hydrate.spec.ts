// The keyboard: what each key does, where single keys are off, and how to disable them.

import AxeBuilder from '@axe-core/playwright'
import { expect, open, roomPath, test } from './reelroom.ts'

test.beforeEach(async ({ member: page }) => {
  await open(page, '/')
  await expect(page.getByRole('navigation', { name: 'Room list' }).getByRole('link').first()).toBeVisible()
})

test('the list is walked, searched and opened', async ({ page }) => {
  const rows = page.locator('.rows .row')
  await page.keyboard.press('j')
  await expect(rows.nth(0)).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(2)).toBeFocused()
  await page.keyboard.press('k')
  await page.keyboard.press('ArrowUp')
  await expect(rows.nth(0)).toBeFocused()
  await page.keyboard.press('/')
  const search = page.getByRole('searchbox', { name: 'Find a room' })
  await expect(search).toBeFocused()
  // In a text field, single keys are text.
  await page.keyboard.type('jgs/?board-weekly'.slice(5))
  await expect(search).toHaveValue('board-weekly')
  await expect(rows).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(search).toHaveValue('')
  await search.blur()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/rooms\//)
})

test('G goes to the pages, and its second key does nothing else', async ({ page }) => {
  await open(page, roomPath('keys-go'))
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await expect(page).toHaveURL(/\/settings$/)
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await expect(page).toHaveURL(/\/recordings$/)
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expect(page).toHaveURL(/\/$/)
})

test('R starts, and S stops only when it is pressed twice', async ({ page }) => {
  await open(page, roomPath('keys-record'))
  await page.keyboard.press('r')
  const stop = page.locator('#stop-recording')
  await expect(stop).toContainText('Stop recording')
  await page.keyboard.press('s')
  await expect(stop).toContainText('Press S again to stop')
  // Without a second press within three seconds, nothing is stopped.
  await expect(stop).toContainText('Stop recording', { timeout: 6000 })
  await page.keyboard.press('s')
  await page.keyboard.press('s')
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
})

test('a first S counts only in its room', async ({ page }) => {
  await open(page, roomPath('keys-armed'))
  await page.keyboard.press('r')
  const stop = page.locator('#stop-recording')
  await expect(stop).toContainText('Stop recording')
  await page.keyboard.press('s')
  await expect(stop).toContainText('Press S again to stop')
  await page.getByRole('navigation', { name: 'Room list' }).getByRole('link', { name: /board-weekly/ }).click()
  await expect(page).toHaveURL(/board-weekly/)
  await page.goBack()
  await expect(stop).toContainText('Stop recording', { timeout: 1500 })
  await page.keyboard.press('s')
  await expect(stop).toContainText('Press S again to stop')
  await page.keyboard.press('s')
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
})

test('/ finds in the library', async ({ page }) => {
  await open(page, '/recordings')
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox')).toBeFocused()
})

test('Ctrl K jumps to rooms, recordings and pages', async ({ page }) => {
  await page.keyboard.press('Control+k')
  const box = page.getByRole('combobox', { name: /Jump to/ })
  await expect(box).toBeFocused()
  await expect(page.getByRole('option').first()).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await page.keyboard.type('townhall')
  await expect(page.getByRole('option')).toHaveCount(1)
  await expect(page.getByRole('option', { selected: true })).toContainText('townhall-q4')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/rooms\/townhall-q4/)
  await expect(box).toHaveCount(0)

  await page.keyboard.press('Control+k')
  // The server's results follow the local ones, so wait for them before going to the last option.
  const found = page.waitForResponse(/\/jump\?/)
  await page.keyboard.type('e')
  await found
  const options = page.getByRole('option')
  await expect(options.nth(1)).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true')
  await expect(box).toHaveAttribute('aria-activedescendant', 'jump-list-1')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await expect(options.last()).toHaveAttribute('aria-selected', 'true')
  await box.fill('sett')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/settings$/)

  await page.getByRole('button', { name: /Jump to/ }).click()
  await box.fill('nothing is called so')
  await expect(page.getByText('Nothing found for “nothing is called so”')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(box).toHaveCount(0)
})

test('Ctrl K finds a Chinese name by its pinyin', async ({ page }) => {
  await open(page, roomPath('产品评审'))
  await open(page, '/')
  await page.keyboard.press('Control+k')
  const box = page.getByRole('combobox', { name: /Jump to/ })
  await box.fill('record cpps')
  await expect(page.getByRole('option', { name: 'Record 产品评审' })).toBeVisible()
  for (const typed of ['cpps', 'chanping']) {
    await box.fill(typed)
    await expect(page.getByRole('option')).toHaveCount(1)
    await expect(page.getByRole('option', { selected: true })).toContainText('产品评审')
  }
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(roomPath('产品评审')))
})

test('? shows all shortcuts, and Escape closes them', async ({ page }) => {
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(dialog).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  // While the dialog is open, keys do nothing on the page behind it.
  await page.keyboard.press('j')
  await expect(page.locator('.rows .row').first()).not.toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

test('single keys are switched off for this device', async ({ page }) => {
  await open(page, '/settings')
  const choice = page.getByRole('checkbox', { name: 'Use single-key shortcuts' })
  await expect(choice).toBeChecked()
  await page.locator('label.switch', { hasText: 'Use single-key shortcuts' }).click()
  await expect(choice).not.toBeChecked()
  await open(page, '/settings')
  await expect(choice).not.toBeChecked()
  await page.keyboard.press('?')
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden()
  await expect(page).toHaveURL(/\/settings$/)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: /Jump to/ })).toBeFocused()
})
