// Several recordings of the library at once; with JavaScript and without.

import { readFileSync } from 'node:fs'
import { type Page } from '@playwright/test'
import { expect, open, Reelroom, roomPath, signIn, test } from './reelroom.ts'

const barOf = (page: Page) => page.getByRole('form', { name: 'Selected recordings' })
const boxOf = (page: Page, room: string) => page.getByRole('checkbox', { name: new RegExp(`^Select ${room}, \\d\\d:\\d\\d$`) })
const rowOf = (page: Page, room: string) => page.getByRole('row').filter({ hasText: room }).first()

/** The text of a page as screen readers get it, with the numbers that the style sheet counts. */
async function spoken(page: Page): Promise<string> {
  const devtools = await page.context().newCDPSession(page)
  const { nodes } = await devtools.send('Accessibility.getFullAXTree')
  await devtools.detach()
  const all = new Map(nodes.map((node) => [node.nodeId, node]))
  const text = (id: string): string => {
    const node = all.get(id)
    if (node?.role?.value === 'StaticText') return node.ignored ? '' : String(node.name?.value ?? '')
    return (node?.childIds ?? []).map(text).join('')
  }
  return text(nodes[0].nodeId)
}

/** Opens the library once these rooms are recorded. */
async function recorded(page: Page, reelroom: { tell(path: string, body: unknown): Promise<void> }, rooms: string[], query: string, script: boolean) {
  for (const room of rooms) await reelroom.tell(`/sandbox/auto/${room}`, {})
  await expect(async () => {
    await open(page, query, script)
    for (const room of rooms) await expect(rowOf(page, room)).toContainText(/Archived\s*$/, { timeout: 500 })
  }).toPass({ timeout: 60_000 })
}

test('chosen recordings are downloaded together, at a desk and on a phone', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  const rooms = ['choose-a', 'choose-b']
  await recorded(page, reelroom, rooms, '/recordings?q=choose-', script)
  const bar = barOf(page)
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    await open(page, '/recordings?q=choose-', script)
    await expect(bar).toBeHidden()
    for (const room of rooms) await boxOf(page, room).check()
    await expect(bar.getByText('selected')).toBeVisible()
    await expect(bar.getByText(/not archived yet/)).toBeHidden()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)

    const [zip] = await Promise.all([
      page.waitForEvent('download'),
      bar.getByRole('button', { name: 'Download' }).click(),
    ])
    expect(zip.suggestedFilename()).toBe('recordings.zip')
    const content = readFileSync(await zip.path())
    for (const room of rooms) expect(content.includes(`${room} 2`), room).toBe(true)

    const [list] = await Promise.all([
      page.waitForEvent('download'),
      bar.getByRole('button', { name: 'Addresses' }).click(),
    ])
    expect(list.suggestedFilename()).toBe('files.txt')
    const addresses = readFileSync(await list.path(), 'utf8').trim().split('\n')
    expect(addresses.length).toBeGreaterThanOrEqual(2)
    for (const address of addresses) expect(address).toMatch(/^http:\/\/.*\/files\/[0-9a-f]{32}\?download$/)

    await bar.getByRole('button', { name: 'Clear the selection' }).click()
    await expect(bar).toBeHidden()
    for (const room of rooms) await expect(boxOf(page, room)).not.toBeChecked()
  }

  // The checkbox is beside the link that the row is.
  await rowOf(page, 'choose-a').getByRole('link').first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'choose-a' })).toBeVisible()
})

test('a choice stays while the list changes, and names what is not archived', async ({ member: page, reelroom, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, roomPath('pick-now'), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await open(page, '/recordings?q=pick-', script)
  const box = page.getByRole('checkbox', { name: /^Select pick-now/ })
  await box.check()
  const hint = page.getByText(/not archived yet/)
  await expect(hint).toBeVisible()
  // There is nothing to download.
  await expect(barOf(page).getByRole('button', { name: 'Download' })).toBeHidden()
  if (script) {
    await reelroom.tell('/sandbox/auto/pick-later', {})
    const later = page.getByRole('checkbox', { name: /^Select pick-later/ })
    await expect(later).toBeVisible({ timeout: 30_000 })
    await expect(later).not.toBeChecked()
    await expect(box).toBeChecked()
    await expect(hint).toBeVisible()
  }
  await box.uncheck()
  await expect(hint).toBeHidden()
  await open(page, roomPath('pick-now'), script)
  await page.getByRole('button', { name: /Stop recording/ }).click()
})

test('the download says how many of the selected it has, and why not all', async ({ member: page, reelroom, browser, baseURL, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  await recorded(page, reelroom, ['mixed-a'], '/recordings?q=mixed-', script)
  await open(page, roomPath('mixed-now'), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  const select = async (of: Page) => {
    await open(of, '/recordings?q=mixed-', script)
    for (const room of ['mixed-a', 'mixed-now']) await boxOf(of, room).check()
    await expect(barOf(of).getByRole('button', { name: 'Download' })).toBeVisible()
  }
  await select(page)
  await expect.poll(() => spoken(page)).toMatch(/Download\s*1\s*of\s*2/)
  expect(await spoken(page)).toMatch(/2\s*selected\s*1\s*not archived yet/)
  await open(page, roomPath('mixed-now'), script)
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()

  // An auditor sees every room, and downloads only where files are granted.
  const auditor = { name: `auditor-${Date.now()}`, password: 'reads what others have done' }
  reelroom.addUser(auditor.name, auditor.password, 'auditor')
  await open(page, `/settings/people?q=${auditor.name}`, script)
  await page.getByRole('row').filter({ hasText: auditor.name }).getByRole('link').click()
  const reaches = page.locator('#detail').getByRole('region', { name: 'Reaches' })
  await expect(reaches).toContainText('Nothing is granted yet.')
  await reaches.getByLabel('Room or prefix').fill('mixed-a')
  await reaches.getByRole('button', { name: 'Add' }).click()
  await expect(reaches.getByRole('button', { name: 'Take away mixed-a' })).toBeVisible()
  const own = await browser.newContext({ baseURL, javaScriptEnabled })
  const other = await own.newPage()
  await signIn(other, '', auditor)
  await select(other)
  await expect.poll(() => spoken(other)).toMatch(/Download\s*1\s*of\s*2/)
  expect(await spoken(other)).toMatch(/2\s*selected\s*1\s*you may not download/)
  await own.close()
})

test('chosen recordings are tagged, marked and exported', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  const rooms = ['label-a', 'label-b', 'label-c']
  await recorded(page, reelroom, rooms, '/recordings?q=label-', script)
  const bar = barOf(page)
  const select = async () => {
    for (const room of rooms.slice(0, 2)) await boxOf(page, room).check()
  }
  await select()
  await bar.getByRole('button', { name: 'Tag', exact: true }).click()
  await bar.getByLabel('Add tags').fill('lesson, minutes')
  await bar.getByLabel('Add tags').press('Enter')
  const report = page.locator('.did')
  await expect(report).toContainText('Tags changed: 2')
  await open(page, '/recordings?tag=minutes&q=label-', script)
  await expect(page.getByRole('checkbox', { name: /^Select label-/ })).toHaveCount(2)

  await select()
  await bar.getByRole('button', { name: 'Mark', exact: true }).click()
  await bar.getByRole('button', { name: 'Mark seen' }).click()
  await expect(report).toContainText('Marked seen: 2')
  await expect(bar.getByRole('button', { name: 'Mark seen' })).toBeHidden()
  await open(page, '/recordings?unseen=yes&q=label-', script)
  await expect(page.getByRole('checkbox', { name: /^Select label-/ })).toHaveCount(1)
  await expect(boxOf(page, 'label-c')).toBeVisible()

  await open(page, '/recordings?q=label-', script)
  await select()
  await bar.getByRole('button', { name: 'Tag', exact: true }).click()
  await bar.getByRole('button', { name: 'Change tags' }).click()
  await expect(report).toContainText('Type tags to add or to remove.')
  await report.getByRole('link', { name: 'Close' }).click()
  await expect(report).toBeHidden()

  const download = async (open: () => Promise<void>) => {
    const [file] = await Promise.all([page.waitForEvent('download'), open()])
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') }
  }
  await page.locator('.result').getByRole('button', { name: 'Export list' }).click()
  const csv = await download(() => page.locator('.result').getByRole('link', { name: 'CSV' }).click())
  expect(csv.name).toBe('recordings.csv')
  expect(csv.text.trim().split('\n')).toHaveLength(4)
  await page.keyboard.press('Escape')
  for (const room of rooms) await boxOf(page, room).setChecked(room !== 'label-c')
  await bar.getByRole('button', { name: 'Export list' }).click()
  const json = await download(() => bar.getByRole('button', { name: 'JSON lines' }).click())
  const rows = json.text.trim().split('\n').map((line) => JSON.parse(line))
  expect(rows.map(({ room }) => room).sort()).toEqual(['label-a', 'label-b'])
  expect(rows[0].tags).toEqual(['lesson', 'minutes'])
})

test('all that match are a second step, named with their number', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const own = await Reelroom.startWithDemo(120)
  // The files of a demo have no content, its pictures neither.
  await page.route('**/files/*', (route) => route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }))
  await signIn(page, own.url)
  await open(page, `${own.url}/recordings`, script)
  const [bar, step, boxes] = [barOf(page), page.locator('.allbar'), page.getByRole('checkbox', { name: /^Select [^a]/ })]
  await boxes.first().check()
  await expect(step).toBeHidden()
  await bar.getByRole('link', { name: 'Select all 50 shown' }).click()
  await expect(step).toContainText('All 50 shown are selected.')
  await step.getByRole('link', { name: /^All 1\d\d that match$/ }).click()
  await expect(step).toContainText(/All 1\d\d that match are selected, also those not shown\./)
  await expect(bar).toContainText(/1\d\d selected/)
  await expect(bar.getByRole('button', { name: /^Download \d+ of 1\d\d/ })).toBeVisible()
  await expect(boxes.first()).toBeDisabled()
  await step.getByRole('link', { name: 'Only the 50 shown' }).click()
  await expect(step).toContainText('All 50 shown are selected.')
  await expect(boxes.first()).toBeEnabled()
  await step.getByRole('link', { name: /^All 1\d\d that match$/ }).click()
  await expect(bar).toContainText(/1\d\d selected/)
  await bar.getByRole('button', { name: 'Tag', exact: true }).click()
  await bar.getByLabel('Add tags').fill('bulk')
  await bar.getByRole('button', { name: 'Change tags' }).click()
  await expect(page.locator('.did')).toContainText(/Tags changed: 1\d\d/)
  await bar.getByRole('link', { name: 'Clear the selection' }).click()
  await expect(bar).toBeHidden()
  await expect(boxes.first()).not.toBeChecked()
  await open(page, `${own.url}/recordings?tag=bulk`, script)
  await expect(page.locator('.result')).toContainText(/1\d\d recordings/)
  await page.close()
  await own.stop()
})

test('keys select rows, ranges and all, and Escape clears', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false)
  test.setTimeout(120_000)
  const rooms = ['range-a', 'range-b', 'range-c', 'range-d']
  await recorded(page, reelroom, rooms, '/recordings?q=range-', true)
  const boxes = page.getByRole('checkbox', { name: /^Select range-/ })
  const ticked = () => boxes.evaluateAll((all) => all.map((box) => ((box as HTMLInputElement).checked ? 'x' : '-')).join(''))
  const head = page.getByRole('checkbox', { name: 'Select all 4 shown' })
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  expect(await ticked()).toBe('x---')
  await expect(head).toBeChecked({ indeterminate: true })
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+X')
  expect(await ticked()).toBe('xxx-')
  await page.keyboard.press('Escape')
  expect(await ticked()).toBe('----')
  await expect(barOf(page)).toBeHidden()

  // With the pointer.
  const click = (n: number, modifiers: 'Shift'[] = []) => page.locator('.recs tbody .check').nth(n).click({ modifiers })
  await click(1)
  await click(3, ['Shift'])
  expect(await ticked()).toBe('-xxx')
  await page.keyboard.press('Control+a')
  expect(await ticked()).toBe('xxxx')
  await expect(head).toBeChecked()
  await head.uncheck()
  expect(await ticked()).toBe('----')

  // Keys of a text field are its own.
  await page.getByRole('searchbox').first().focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('x')
  expect(await ticked()).toBe('----')
  await expect(page).toHaveURL(/q=x/)
  await page.getByRole('searchbox').first().fill('range-')
  await page.getByRole('searchbox').first().blur()
  await expect(page).toHaveURL(/q=range-/)
  await expect(boxes).toHaveCount(4)

  await boxes.first().check()
  await page.keyboard.press('t')
  await expect(barOf(page).getByLabel('Add tags')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(barOf(page).getByLabel('Add tags')).toBeHidden()
  expect(await ticked()).toBe('x---')
  const [zip] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')])
  expect(zip.suggestedFilename()).toMatch(/\.zip$/)
})
