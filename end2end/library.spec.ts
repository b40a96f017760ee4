// The library: facets, chips, order, pages and view; with JavaScript and without.

import type { Page } from '@playwright/test'
import { expect, open, Reelroom, signIn, test, violations, WITH_ADMIN } from './reelroom.ts'

/** A recording of each, a minute apart; the last is the newest and the largest. */
const ROOMS = [...Array(58).keys()].map((n) => (n < 30 ? `class-${n}` : `lab-${n}`)).concat('产品评审', '100%')

// As that of the platform, which a browser without scripts gets.
test.use({ timezoneId: 'Asia/Shanghai' })

let library: Reelroom

test.beforeAll(async () => {
  library = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
  for (const [n, room] of ROOMS.entries()) {
    const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 1, n, second)).toISOString().slice(0, 19).replace('T', ' ')
    const answer = await fetch(`${library.url}/AR/V1/av`, {
      method: 'POST',
      body: JSON.stringify({
        type: '1', mediaType: 'video', userId: '', groupId: room, startTime: at(0), endTime: at(30), fileName: `file-${n}.mp4`,
        fileSize: 1000 * (n + 1), duration: 30, downloadUrl: `http://192.0.2.1/${n}.mp4`, userData: '',
      }),
    })
    expect(answer.status).toBe(200)
  }
})

test.afterAll(async () => {
  await library.stop()
})

const result = (page: Page) => page.locator('.result p')
const rows = (page: Page) => page.locator('.recs tbody tr:not(.day)')
const facets = (page: Page) => page.getByRole('region', { name: 'Narrow the list' })

/** Signs in and opens the library once all recordings are in it. */
async function enter(page: Page, script: boolean) {
  await signIn(page, library.url)
  await expect(async () => {
    await open(page, `${library.url}/recordings`, script)
    await expect(result(page)).toContainText('60 recordings', { timeout: 500 })
    await expect(facets(page).getByRole('link', { name: /^Blocked, failed, gone/ })).toContainText('60', { timeout: 500 })
  }).toPass({ timeout: 30_000 })
}

// The first of all, since another test opens recordings.
test('a day has its sums, and a row its length, size and files', async ({ page, javaScriptEnabled }) => {
  await enter(page, javaScriptEnabled !== false)
  const day = page.locator('.recs .day')
  await expect(day).toHaveCount(1)
  await expect(day).toContainText('5 January')
  await expect(day).toContainText('50 recordings, 1.8 MB, 50 not seen')
  const row = rows(page).first()
  await expect(row.locator('.c-name')).toContainText('Not seen: 100%')
  await expect(row.locator('.nm a').first()).toHaveCSS('font-weight', '700')
  await expect(row.locator('.c-len')).toHaveText('00:00:30')
  await expect(row.locator('.c-size')).toHaveText('60 KB')
  await expect(row.locator('.c-files')).toHaveText('1')
})

test('facets beside the list are switched on and off, and each is a chip', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await enter(page, script)
  if (script) expect(await violations(page)).toEqual([])
  const blocked = facets(page).getByRole('link', { name: /^Blocked, failed, gone/ })
  await blocked.click()
  await expect(page).toHaveURL(/\/recordings\?archive=trouble$/)
  await expect(blocked).toHaveAttribute('aria-current', 'true')
  await facets(page).getByRole('link', { name: /^Archived/ }).click()
  await expect(page).toHaveURL(/archive=trouble&archive=archived/)
  await expect(page.locator('.chip.on')).toHaveCount(2)
  await page.getByRole('link', { name: 'Remove the filter Archive Blocked, failed, gone' }).click()
  await expect(page).toHaveURL(/\/recordings\?archive=archived$/)
  await expect(page.getByRole('heading', { name: 'No recording matches' })).toBeVisible()
  await page.getByRole('link', { name: 'Clear', exact: true }).click()
  await expect(page).toHaveURL(/\/recordings$/)
  await expect(rows(page)).toHaveCount(50)
})

test('rooms are searched, chosen and counted, and days have a form', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await enter(page, script)
  const choose = async (name: string, id: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    if (!script) await page.locator(id).getByRole('link', { name: 'Choose' }).click()
  }
  await choose('Room', '#by-room')
  const form = page.locator('#narrow-room')
  await form.getByRole('searchbox').fill('class-')
  if (!script) await form.getByRole('button', { name: 'Search' }).click()
  const every = form.getByRole('checkbox', { name: /every room that begins so/ })
  await every.check()
  if (script) {
    await expect(form.getByRole('button', { name: 'Show 30' })).toBeVisible()
    expect(await violations(page)).toEqual([])
  }
  await form.getByRole('button', { name: /^Show / }).click()
  await expect(page).toHaveURL(/\/recordings\?prefix=class-$/)
  await expect(result(page)).toContainText('30 recordings')
  await expect(page.locator('.chip.on')).toContainText('class-*')
  await expect(page.locator('#by-room')).toBeHidden()

  // What is chosen stays, and the rest of the address, too.
  await choose('Room', '#by-room')
  await expect(form.getByRole('checkbox', { name: /every room that begins so/ })).toBeChecked()
  await form.getByRole('searchbox').fill('产品')
  if (!script) await form.getByRole('button', { name: 'Search' }).click()
  await form.getByRole('checkbox', { name: /产品评审/ }).check()
  await form.getByRole('button', { name: /^Show / }).click()
  await expect(result(page)).toContainText('31 recordings')
  await choose('Length', '#by-length')
  await page.locator('#narrow-length').getByRole('checkbox', { name: /Under 10 min/ }).check()
  await page.locator('#narrow-length').getByRole('button', { name: /^Show / }).click()
  await expect(page).toHaveURL(/length=under_ten_minutes/)
  await expect(page).toHaveURL(/prefix=class-/)
  await expect(result(page)).toContainText('31 recordings')

  await page.getByRole('button', { name: 'Day', exact: true }).click()
  await page.getByLabel('From', { exact: true }).fill('2026-01-05')
  await page.locator('#by-day').getByRole('button', { name: 'Apply' }).click()
  await expect(page).toHaveURL(/from=2026-01-05/)
  await expect(page).not.toHaveURL(/to=/)
  await expect(result(page)).toContainText('31 recordings')
  await page.getByRole('button', { name: 'Day', exact: true }).click()
  await page.locator('#by-day').getByRole('link', { name: 'Last 7 days' }).click()
  await expect(page).toHaveURL(/last=7/)
  await expect(page.getByRole('link', { name: '31 recordings without Day Last 7 days' })).toBeVisible()
})

test('a choice stays ticked, and no other one, while others are searched', async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'the form is sent while a person types')
  await enter(page, true)
  await page.getByRole('button', { name: 'Room', exact: true }).click()
  const form = page.locator('#narrow-room')
  await form.getByRole('searchbox').fill('lab-3')
  await expect(form.getByRole('checkbox', { name: /^class-/ })).toHaveCount(0)
  await form.getByRole('checkbox', { name: /^lab-35/ }).check()
  await expect(form.getByRole('button', { name: 'Show 1', exact: true })).toBeVisible()
  await form.getByRole('searchbox').fill('class-1')
  await expect(form.getByRole('checkbox', { name: /^class-19/ })).toBeVisible()
  await expect(form.getByRole('checkbox', { checked: true })).toHaveCount(1)
  await expect(form.getByRole('checkbox', { name: /^lab-35/ })).toBeChecked()
  await form.getByRole('button', { name: 'Show 1', exact: true }).click()
  await expect(page).toHaveURL(/\/recordings\?room=lab-35$/)
})

test('the order and the view are in the address', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await enter(page, script)
  await page.getByLabel('Order').selectOption('Largest first')
  if (!script) await page.getByRole('button', { name: 'Sort' }).click()
  await expect(page).toHaveURL(/\/recordings\?sort=largest$/)
  await expect(rows(page).first()).toContainText('100%')
  await expect(page.locator('.recs .day')).toHaveCount(0)
  if (script) await page.keyboard.press('Tab')
  if (script) await page.keyboard.press('v')
  else await page.getByRole('link', { name: 'Grid' }).click()
  await expect(page).toHaveURL(/sort=largest&view=grid/)
  await expect(page.locator('main')).toHaveAttribute('data-view', 'grid')
  const [first, second] = [await rows(page).nth(0).boundingBox(), await rows(page).nth(1).boundingBox()]
  expect(second!.y).toBe(first!.y)
  await page.getByRole('link', { name: 'Load more' }).click()
  await expect(page).toHaveURL(/sort=largest&view=grid&after=/)
  await expect(rows(page)).toHaveCount(10)
  await page.getByRole('link', { name: 'List', exact: true }).click()
  await expect(page.locator('main')).not.toHaveAttribute('data-view', 'grid')
})

test('pages lead in both directions, and back leads to the same place', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await enter(page, script)
  await expect(rows(page)).toHaveCount(50)
  const pager = page.getByRole('navigation', { name: 'Pages of the list' })
  await expect(pager).toContainText(/50 of 60 shown, back to \d January/)
  await expect(pager.getByRole('link', { name: 'Load newer' })).toHaveCount(0)
  await pager.getByRole('link', { name: 'Load older' }).click()
  await expect(page).toHaveURL(/after=/)
  await expect(rows(page)).toHaveCount(10)
  await expect(pager.getByRole('link', { name: 'Load older' })).toHaveCount(0)
  // What a person has not opened is bold, and screen readers say so.
  await expect(rows(page).last()).toContainText('Not seen: class-0')
  await rows(page).last().getByRole('link').first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'class-0' })).toBeVisible()
  await page.getByRole('link', { name: 'Back to the library' }).click()
  await expect(page).toHaveURL(/\/recordings\?after=/)
  await expect(rows(page)).toHaveCount(10)
  await rows(page).last().getByRole('link').first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'class-0' })).toBeVisible()
  await page.goBack()
  await expect(page).toHaveURL(/after=/)
  await expect(rows(page)).toHaveCount(10)
  if (script) {
    await expect(rows(page).last()).not.toContainText('Not seen')
    await expect(rows(page).last().locator('.nm a').first()).not.toHaveCSS('font-weight', '700')
  }
  await pager.getByRole('link', { name: 'Load newer' }).click()
  await expect(page).toHaveURL(/before=/)
  await expect(rows(page)).toHaveCount(50)
  await expect(rows(page).first()).toContainText('100%')
  await expect(pager.getByRole('link', { name: 'Load newer' })).toHaveCount(0)
  if (!script) return

  const list = page.locator('.lib-b')
  const top = () => list.evaluate((element) => element.scrollTop)
  await rows(page).nth(30).scrollIntoViewIfNeeded()
  const before = await top()
  expect(before).toBeGreaterThan(300)
  await rows(page).nth(30).getByRole('link').first().click()
  await expect(page.locator('main.rec')).toBeVisible()
  await page.goBack()
  await expect(rows(page)).toHaveCount(50)
  await expect.poll(top).toBeCloseTo(before, -1)
})

test('two Chinese letters and a percent sign are found, and nothing says what to leave out', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await enter(page, script)
  const search = page.getByRole('searchbox', { name: 'Title, room, note, person' })
  for (const [text, room] of [['产品', '产品评审'], ['%', '100%']]) {
    await search.fill(text)
    if (!script) await page.getByRole('button', { name: 'Search' }).click()
    await expect(result(page)).toContainText('1 recording')
    await expect(rows(page)).toHaveCount(1)
    await expect(rows(page)).toContainText(room)
  }
  await open(page, `${library.url}/recordings?q=budgte&prefix=class-`, script)
  await expect(page.getByRole('heading', { name: 'Nothing matches “budgte”' })).toBeVisible()
  await expect(page.locator('.empty p')).toHaveText('Room class-*')
  await page.getByRole('link', { name: '30 recordings without “budgte”' }).click()
  await expect(page).toHaveURL(/\/recordings\?prefix=class-$/)
  await expect(result(page)).toContainText('30 recordings')
  await open(page, `${library.url}/recordings?q=budgte`, script)
  await page.getByRole('link', { name: 'Clear filters' }).click()
  await expect(page).toHaveURL(/\/recordings$/)
})

test('a day is understood in the search, and the nearest text is offered where nothing matches', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await enter(page, script)
  const search = page.getByRole('searchbox', { name: 'Title, room, note, person' })
  const day = page.getByRole('link', { name: /^5 Jan.*: 60 recordings$/ })
  await search.fill('2026年1月5日')
  if (script) {
    await expect(day).toBeVisible()
    expect(await violations(page)).toEqual([])
    await search.press('Enter')
  } else {
    await page.getByRole('button', { name: 'Search' }).click()
    await expect(page.getByRole('heading', { name: 'Nothing matches “2026年1月5日”' })).toBeVisible()
    await day.click()
  }
  await expect(page).toHaveURL(/\/recordings\?from=2026-01-05&to=2026-01-05$/)
  await expect(page.locator('.chip.on')).toContainText('5 Jan')
  await expect(result(page)).toContainText('60 recordings')
  if (script) {
    await open(page, `${library.url}/recordings`, script)
    await page.keyboard.press('Control+k')
    const jump = page.locator('#jump')
    await jump.getByRole('combobox').fill('5 January 2026')
    await expect(jump.getByRole('option')).toHaveText([/^5 Jan.*Library$/])
    await page.keyboard.press('Enter')
    await expect(jump).toBeHidden()
    await expect(page).toHaveURL(/\/recordings\?from=2026-01-05&to=2026-01-05$/)
  }

  for (const [text, link, number] of [['lab-3x', '“lab-3”: 10 recordings', '10 recordings'], ['产品58', '“产品 58”: 1 recording', '1 recording']]) {
    await open(page, `${library.url}/recordings?q=${encodeURIComponent(text)}`, script)
    await expect(page.getByRole('heading', { name: `Nothing matches “${text}”` })).toBeVisible()
    await page.getByRole('link', { name: link }).click()
    await expect(result(page)).toContainText(number)
  }
})

test('a filmstrip stands beside the row whose picture is under the pointer', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'it is a script')
  await reelroom.tell('/sandbox/auto/film-room', {})
  const picture = page.getByRole('row').filter({ hasText: 'film-room' }).first().locator('[data-film]')
  await expect(async () => {
    await open(page, '/recordings?q=film-room')
    await expect(picture).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 40_000 })
  const loaded: string[] = []
  page.on('request', (request) => loaded.push(request.url()))
  const film = page.locator('.film')
  await page.waitForTimeout(300)
  expect(loaded.filter((url) => url.includes('strip'))).toEqual([])
  const box = (await picture.boundingBox())!
  await page.mouse.move(box.x + 2, box.y + 20)
  await expect(film).toBeVisible()
  await expect(film.locator('p')).toHaveText(/^00:00:00 \/ \d\d:\d\d:\d\d$/)
  const row = (await page.getByRole('row').filter({ hasText: 'film-room' }).first().boundingBox())!
  const shown = (await film.boundingBox())!
  expect(shown.y >= row.y + row.height || shown.y + shown.height <= row.y).toBe(true)
  await page.mouse.move(box.x + box.width - 2, box.y + 20)
  await expect(film.locator('i.on')).toHaveCount(1)
  await expect(film.locator('i').last()).toHaveClass('on')
  await page.mouse.move(box.x + 400, box.y + 20)
  await expect(film).toHaveCount(0)
})
