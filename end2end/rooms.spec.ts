// The list of rooms: hundreds of them, found, filtered, loaded page by page, live; with JavaScript and
// without.

import { expect, open, Reelroom, roomPath, signIn, test, WITH_ADMIN } from './reelroom.ts'

const COUNT = 130
const name = (n: number) => `desk-${String(n).padStart(3, '0')}`
const list = 'Room list'

/** Sends room events as the platform does: many in one call. */
async function tell(reelroom: Reelroom, events: { room: string; option: string; type?: string; user?: string }[]) {
  const body = events.map(({ room, option, type = '1', user = '' }) => ({
    type, option, groupId: room, userId: user, time: String(Math.floor(Date.now() / 1000)), userData: '',
  }))
  const answer = await fetch(`${reelroom.url}/AR/V1/status`, { method: 'POST', body: JSON.stringify(body) })
  expect(answer.status).toBe(200)
}

test.describe('hundreds of rooms', () => {
  let many: Reelroom
  test.beforeAll(async () => {
    many = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
    const rooms = Array.from({ length: COUNT }, (_, n) => name(n))
    await tell(many, rooms.map((room) => ({ room, option: 'Begin' })))
    await tell(many, rooms.slice(3).map((room) => ({ room, option: 'End' })))
  })
  test.afterAll(() => many.stop())

  test('every page of the list is one step away', async ({ page, javaScriptEnabled }) => {
    const script = javaScriptEnabled !== false
    await signIn(page, many.url)
    const rows = page.getByRole('navigation', { name: list }).getByRole('link', { name: /desk-\d+/ })
    await expect(async () => {
      await open(page, `${many.url}/?q=desk-`, script)
      await expect(page.getByRole('link', { name: `All ${COUNT}` })).toBeVisible({ timeout: 500 })
      await expect(page.getByRole('link', { name: 'Live 3', exact: true })).toBeVisible({ timeout: 500 })
    }).toPass()
    const older = page.getByRole('link', { name: 'Load more' })
    for (const whole of [50, 100, COUNT]) {
      await expect(rows).toHaveCount(whole)
      if (script && whole === 50) {
        // By keyboard, too.
        await rows.last().focus()
        await page.keyboard.press('j')
        await expect(older).toBeFocused()
        await page.keyboard.press('k')
        await expect(rows.last()).toBeFocused()
      }
      if (whole === COUNT) break
      // Rows above stay in place.
      const last = rows.nth(whole - 1)
      const top = () => last.evaluate((row) => row.getBoundingClientRect().top)
      await older.scrollIntoViewIfNeeded()
      const before = await top()
      await older.click()
      await expect(rows).not.toHaveCount(whole)
      await expect(last).toBeInViewport()
      if (script) expect(Math.abs((await top()) - before)).toBeLessThan(2)
    }
    await expect(older).toHaveCount(0)
    const seen = (await rows.allInnerTexts()).map((text) => /desk-\d+/.exec(text)![0])
    expect(new Set(seen).size).toBe(COUNT)
    // A room next to the list leaves the list unchanged.
    await rows.first().click()
    await expect(page).toHaveURL(/rooms\/desk-\d+\?.*rows=150/)
    await expect(rows).toHaveCount(COUNT)
    if (!script) {
      // An address may begin further down the list.
      await page.goto(`${many.url}/?q=desk-&after=15.9223372036854775807.desk-100`)
      await expect(rows).toHaveCount(COUNT - 101)
      await page.getByRole('link', { name: 'Back to the top' }).click()
      await expect(rows.first()).toContainText('desk-000')
      return
    }
    // Loaded pages stay while rooms change, and the row that changed moves.
    await tell(many, [{ room: name(77), option: 'Begin' }])
    await expect(rows.nth(3)).toContainText('desk-077')
    await expect(rows.nth(3)).toContainText('Live')
    await expect(rows).toHaveCount(COUNT)
    await expect(page.getByRole('link', { name: 'Live 4', exact: true })).toBeVisible()
    await tell(many, [{ room: name(77), option: 'End' }])
    await expect(page.getByRole('link', { name: 'Live 3', exact: true })).toBeVisible()
    await expect(rows).toHaveCount(COUNT)
  })

  test('a search and a filter stand in the address', async ({ page, javaScriptEnabled }) => {
    const script = javaScriptEnabled !== false
    await signIn(page, many.url)
    const rows = page.getByRole('navigation', { name: list }).getByRole('link', { name: /desk-\d+/ })
    await open(page, `${many.url}/`, script)
    await page.getByRole('searchbox', { name: 'Find a room' }).fill('DESK-00')
    if (!script) await page.getByRole('searchbox').press('Enter')
    await expect(page).toHaveURL(/q=DESK-00/)
    await expect(rows).toHaveCount(10)
    await page.getByRole('link', { name: 'Live 3', exact: true }).click()
    await expect(page).toHaveURL(/show=live/)
    await expect(rows).toHaveCount(3)
    await page.getByRole('link', { name: /^Needs attention/ }).click()
    await expect(page.getByRole('heading', { name: /^No room (has|matches)/ })).toBeVisible()
    await page.getByRole('link', { name: 'Clear filters' }).click()
    await expect(rows).not.toHaveCount(0)
    await expect(page.getByRole('searchbox', { name: 'Find a room' })).toHaveValue('')
  })
})

test('a room is added by its id', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'added-js' : 'added-plain'
  await open(page, '/', script)
  await page.locator('button[aria-label="Add a room"]').click()
  await page.getByRole('textbox', { name: 'Room id' }).fill(room)
  await page.getByRole('button', { name: 'Add room' }).click()
  await expect(page).toHaveURL(new RegExp(`/rooms/${room}`))
  await expect(page.getByRole('heading', { level: 1, name: room })).toBeVisible()
  await expect(page.getByRole('navigation', { name: list }).getByRole('link', { name: room })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Room id' })).toBeHidden()

  // A searched room that does not exist can be added with one click.
  const other = `${room} searched`
  await page.getByRole('searchbox', { name: 'Find a room' }).fill(other)
  if (!script) await page.getByRole('searchbox').press('Enter')
  await page.getByRole('button', { name: `Add “${other}”` }).click()
  await expect(page.getByRole('heading', { level: 1, name: other })).toBeVisible()
  await expect(page.getByRole('searchbox', { name: 'Find a room' })).toHaveValue('')
})

test('what cannot be the id of a room is said, and stays to be corrected', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, '/', script)
  await page.locator('button[aria-label="Add a room"]').click()
  const field = page.getByRole('textbox', { name: 'Room id' })
  await field.fill('客'.repeat(43))
  await field.press('Enter')
  await expect(page.getByText('A room id has 1 to 128 bytes and no control characters.')).toBeVisible()
  await expect(field).toHaveValue('客'.repeat(43))
  await field.fill(script ? '..' : '.')
  await field.press('Enter')
  await expect(page.locator('.panel h1')).toHaveText(script ? '..' : '.')
})

test('what is recorded stands in the side bar under its title', async ({ member: page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const [room, title] = script ? ['side-js', 'Board room'] : ['side-plain', 'Board room, plain']
  await open(page, roomPath(room), script)
  await page.locator('.label-menu > button').click()
  await page.getByRole('textbox', { name: 'Title' }).fill(title)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  // Saved: the menu is closed.
  await expect(page.getByRole('textbox', { name: 'Title' })).toBeHidden()
  await page.getByRole('button', { name: 'Start recording' }).click()
  const now = page.getByRole('region', { name: 'Recording now' })
  await expect(now.getByRole('link', { name: title, exact: false })).toContainText(/00:00:\d\d/)
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(now.getByRole('link', { name: title })).toHaveCount(0)
  // In the library, too, with its id.
  await open(page, `/recordings?q=${room}`, script)
  await expect(page.getByRole('row').filter({ hasText: room }).getByRole('link', { name: title, exact: true })).toBeVisible()

  // A recording in an unknown state is neither red nor hidden.
  await reelroom.faults({ start: 'html' })
  const unknown = `${room}-unknown`
  await open(page, roomPath(unknown), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(now.getByRole('link', { name: unknown })).toContainText('Needs attention')
  await reelroom.faults()
  await page.getByRole('button', { name: 'Nothing was recorded' }).click()
  await expect(now.getByRole('link', { name: unknown })).toHaveCount(0)
})

test('on a phone the list and the room are two steps', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, '/', script)
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth > 390)
  const row = page.getByRole('navigation', { name: list }).getByRole('link').first()
  await expect(row).toBeVisible()
  if (script) expect(await sideways()).toBe(false)
  const targets = page.locator('.list :is(a, button, summary, input):visible:not(.sr), .tabbar a')
  for (const target of await targets.all()) {
    const box = await target.boundingBox()
    if (box) expect(box.height, await target.innerText()).toBeGreaterThanOrEqual(32)
  }
  await row.click()
  await expect(page.getByRole('heading', { level: 1 }).last()).toBeVisible()
  await expect(page.getByRole('navigation', { name: list })).toBeHidden()
  if (script) expect(await sideways()).toBe(false)
  // In the room too, in any state; a link in a table is as large as its row.
  const small = () => page.evaluate(() =>
    [...document.querySelectorAll('.panel :is(a, button, summary, input, select, textarea)')]
      .filter((element) => element.checkVisibility() && !element.matches('td a, [type=hidden]'))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 32 || box.height < 32))
      .map(({ element }) => element.outerHTML.slice(0, 120)),
  )
  if (script) {
    expect(await small()).toEqual([])
    await open(page, roomPath('small-hands'))
    await page.getByRole('button', { name: 'Start recording' }).click()
    const stop = page.getByRole('button', { name: /Stop recording/ })
    await expect(stop).toBeVisible()
    expect(await small()).toEqual([])
    await stop.click()
    await expect(page.getByText('Waiting for files').first()).toBeVisible()
    expect(await small()).toEqual([])
    // An update between press and release moves the row away from the pointer.
    await expect(async () => {
      await page.locator('.today tbody tr').first().click({ position: { x: 300, y: 10 } })
      await expect(page).toHaveURL(/recordings\//, { timeout: 1_000 })
    }).toPass()
    await page.goBack()
  }
  await page.getByRole('link', { name: 'Back to rooms' }).click()
  await expect(row).toBeVisible()
})
