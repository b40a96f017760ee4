// Live updates change the page without replacing elements that are in use.

import { expect, open, roomPath, signIn, test } from './reelroom.ts'

/** Elements that can be pressed, typed in or played. */
const REACHED = 'main a, main button, main input, main select, main textarea, main summary, main video, aside a, aside button'

test('what can be pressed stays the same element while things change', async ({ member: page, reelroom }) => {
  test.setTimeout(120_000)
  // A recording with all its files.
  await open(page, '/recordings')
  await reelroom.tell('/sandbox/auto/hiring-panel', {})
  const first = page.getByRole('row').filter({ hasText: 'hiring-panel' }).first()
  await expect(first).toContainText(/Archived\s*$/, { timeout: 30_000 })
  const recording = await first.getByRole('link').getAttribute('href')

  for (const path of ['/', roomPath('hiring-panel'), '/recordings', recording!, '/callbacks', '/settings']) {
    await open(page, path)
    await page.evaluate((reached) => {
      Object.assign(window, { held: [...document.querySelectorAll(reached)] })
    }, REACHED)
    const recordings = page.locator('aside').getByRole('link', { name: 'Library' }).locator('.count')
    const before = Number(await recordings.innerText())
    await reelroom.tell('/sandbox/auto/hiring-panel', {})
    await expect(recordings).toHaveText(String(before + 1), { timeout: 20_000 })
    await page.waitForTimeout(1500)
    // Elements may be removed, because lists and recordings end, but no element may be replaced by another.
    const madeAnew = await page.evaluate((reached) => {
      const held = (window as unknown as { held: Element[] }).held
      const which = (element: Element) => {
        const said = ['href', 'name', 'id', 'aria-label'].map((name) => element.getAttribute(name))
        return [element.tagName, ...said, element.tagName === 'A' ? '' : element.textContent].join(' ')
      }
      const now = [...document.querySelectorAll(reached)].filter((element) => !held.includes(element)).map(which)
      return held.filter((element) => !element.isConnected).map(which).filter((gone) => now.includes(gone))
    }, REACHED)
    expect.soft(madeAnew, path).toEqual([])
  }
})

test('a page whose session is ended elsewhere leads to the sign-in', async ({ page, own, browser }) => {
  await open(page, `${own.url}/recordings`)
  const other = await browser.newContext({ locale: 'en-GB' })
  await signIn(await other.newPage(), own.url)
  const ended = await other.request.post(`${own.url}/fn/my_sessions`, { form: {}, headers: { accept: 'application/json' } })
  expect(ended.status(), await ended.text()).toBe(200)
  await expect(page).toHaveURL(/\/login\?.*ended=yes/, { timeout: 20_000 })
  await other.close()
})
