// Trash, holds, cases and certificates; with JavaScript and without.

import { type Browser, type Page } from '@playwright/test'
import { ADMIN, expect, open, Reelroom, signIn, test } from './reelroom.ts'

const barOf = (page: Page) => page.getByRole('form', { name: 'Selected recordings' })
const boxOf = (page: Page, room: string) => page.getByRole('checkbox', { name: new RegExp(`^Select ${room}, \\d\\d:\\d\\d$`) })
const rowOf = (page: Page, room: string) => page.getByRole('row').filter({ hasText: room }).first()
const reportOf = (page: Page) => page.locator('.did')

/** Opens the library once these rooms are recorded. */
async function recorded(page: Page, reelroom: Reelroom, rooms: string[], query: string, script: boolean) {
  for (const room of rooms) await reelroom.tell(`/sandbox/auto/${room}`, {})
  await expect(async () => {
    await open(page, query, script)
    for (const room of rooms) await expect(rowOf(page, room)).toContainText(/Archived\s*$/, { timeout: 500 })
  }).toPass({ timeout: 60_000 })
}

/** Records a room, and opens the page of its recording. Returns its path. */
async function recording(page: Page, reelroom: Reelroom, room: string, script: boolean): Promise<string> {
  await recorded(page, reelroom, [room], `${reelroom.url}/recordings?q=${room}`, script)
  const href = await rowOf(page, room).getByRole('link').first().getAttribute('href')
  const path = new URL(href!, reelroom.url).pathname
  await open(page, reelroom.url + path, script)
  return path
}

test('chosen recordings go to the trash from the library, and an undo brings them back', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  const rooms = ['discard-a', 'discard-b']
  await recorded(page, reelroom, rooms, '/recordings?q=discard-', script)
  const select = async () => {
    for (const room of rooms) await boxOf(page, room).check()
  }
  const menu = page.locator('#deleting')
  await select()
  if (script) await page.keyboard.press('Delete')
  else await barOf(page).getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(menu).toContainText('can be restored from there')
  await menu.getByRole('button').click()
  await expect(reportOf(page)).toContainText('Moved to the trash: 2')
  await expect(boxOf(page, 'discard-a')).toHaveCount(0)
  await reportOf(page).getByRole('button', { name: 'Undo' }).click()
  await expect(reportOf(page)).toContainText('Restored: 2')
  await expect(boxOf(page, 'discard-a')).toHaveCount(1)

  // In the trash they are found, and restored from there.
  await select()
  await barOf(page).getByRole('button', { name: 'Delete', exact: true }).click()
  await menu.getByRole('button').click()
  await expect(reportOf(page)).toContainText('Moved to the trash: 2')
  await page.getByRole('link', { name: 'Trash', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Trash' })).toBeVisible()
  await open(page, '/trash?q=discard-', script)
  await expect(rowOf(page, 'discard-a')).toContainText('30 days left')
  await expect(rowOf(page, 'discard-a')).toContainText(ADMIN.name)
  // At every width a row says what it is, who deleted it and when, and how long it stays.
  const size = page.viewportSize()!
  const row = page.locator('.bin tbody tr').filter({ hasText: 'discard-a' })
  for (const width of [761, 820, 900, 1000, 1024]) {
    await page.setViewportSize({ width, height: 900 })
    for (const shown of ['.nm time', '.c-by .trunc', '.c-by time', '.left-d .num']) await expect(row.locator(shown), `${shown} at ${width} px`).toBeVisible()
    expect((await row.locator('.nm').boundingBox())!.width, `the name at ${width} px`).toBeGreaterThan(100)
    expect(await page.locator('.lib-b').evaluate((list) => list.scrollWidth - list.clientWidth), `${width} px`).toBeLessThanOrEqual(0)
  }
  // On a phone, too, a row says when it was recorded, who deleted it and how large it is.
  await page.setViewportSize({ width: 390, height: 844 })
  for (const shown of ['.nm time', '.c-by .trunc', '.c-by time', '.c-size']) await expect(row.locator(shown)).toBeVisible()
  await expect(row.getByRole('link', { name: 'Delete discard-a now' })).toBeVisible()
  await page.setViewportSize(size)
  await page.getByRole('button', { name: 'Restore discard-a' }).click()
  await expect(reportOf(page)).toContainText('Restored: 1')
  await expect(boxOf(page, 'discard-a')).toHaveCount(0)
  await boxOf(page, 'discard-b').check()
  await barOf(page).getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(reportOf(page)).toContainText('Restored: 1')
  await expect(page.getByText('Nothing in the trash matches')).toBeVisible()
  await open(page, '/recordings?q=discard-', script)
  for (const room of rooms) await expect(boxOf(page, room)).toHaveCount(1)
})

test('a recording is held, released and deleted on its page', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  const path = await recording(page, reelroom, 'keep-page', script)
  const hold = page.getByRole('region', { name: 'Hold' })
  const remove = page.getByRole('region', { name: 'Delete' })
  const button = remove.getByRole('button', { name: 'Delete recording' })
  await expect(hold).toContainText('Not on hold.')
  await hold.locator('summary', { hasText: 'Put on hold' }).click()
  await hold.getByLabel('Reason').fill('Complaint of 12 November')
  await hold.getByRole('button', { name: 'Hold it' }).click()
  await expect(hold).toContainText('“Complaint of 12 November”')
  await expect(page.locator('.rec-h').getByText('On hold')).toBeVisible()
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await expect(remove).toContainText('Release the hold first.')

  await open(page, '/recordings?q=keep-page', script)
  await expect(rowOf(page, 'keep-page').getByText('On hold')).toBeAttached()
  await page.getByRole('button', { name: 'More filters', exact: true }).click()
  if (!script) await page.locator('#by-more').getByRole('link', { name: 'Choose' }).click()
  const more = page.locator('#narrow-more')
  await more.getByRole('checkbox', { name: /^On hold/ }).check()
  await more.getByRole('button', { name: /^Show / }).click()
  await expect(page).toHaveURL(/held=yes/)
  await expect(page.getByRole('link', { name: 'Remove the filter On hold' })).toBeVisible()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^On hold [1-9]/ }).click()
  await expect(page).toHaveURL(/\/recordings\?held=yes$/)
  await boxOf(page, 'keep-page').check()
  await barOf(page).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.locator('#deleting').getByRole('button').click()
  await expect(reportOf(page)).toContainText(/Moved to the trash: 0; on hold, not changed: 1 \(keep-page, \d+ \w+ \d\d:\d\d\)/)
  await expect(reportOf(page).getByRole('link', { name: 'Open the trash' })).toHaveCount(0)

  await open(page, path, script)
  await hold.locator('summary', { hasText: 'Release' }).click()
  await hold.getByLabel('Reason').first().fill('Settled')
  await hold.getByRole('button', { name: 'Release' }).click()
  await expect(hold).toContainText('Not on hold.')
  if (script) {
    // One press does nothing.
    await page.keyboard.press('Delete')
    await expect(remove).toContainText('Press Delete again')
    await page.keyboard.press('Delete')
  } else {
    await button.click()
  }
  await expect(page.getByRole('heading', { name: 'This recording is in the trash' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'keep-page' })).toBeVisible()
  await expect(hold).toContainText('Not on hold.')
  await open(page, '/recordings?q=keep-page&held=yes', script)
  await expect(page.getByRole('heading', { name: 'Nothing matches “keep-page”' })).toBeVisible()
})

test('a deletion for good needs a reason and typed words, and leaves a certificate', async ({ page, own, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  const path = await recording(page, own, 'gone-for-good', script)
  await page.getByRole('button', { name: 'Delete recording' }).click()
  await page.getByRole('link', { name: 'Open the trash' }).click()
  await page.getByRole('link', { name: 'Delete gone-for-good now' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Delete 1 recording for good?' })
  await expect(dialog).toContainText('Copies at anyRTC stay there.')
  await expect(dialog.locator('.named')).toContainText(/gone-for-good\s*\w+day \d+ \w+ \d{4}, \d\d:\d\d, \d+ files?, /)
  if (script) {
    await expect(dialog.getByLabel('Reason')).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await page.getByRole('link', { name: 'Delete gone-for-good now' }).click()
  }
  await dialog.getByLabel('Reason').fill('Not agreed to')
  await dialog.getByLabel('Type').fill('delete')
  await dialog.getByRole('button', { name: 'Delete 1 now' }).click()
  await expect(dialog).toContainText('This is not “delete 1”. Nothing was deleted.')
  await expect(dialog.getByLabel('Reason')).toHaveValue('Not agreed to')
  await dialog.getByLabel('Type').fill('delete 1')
  await dialog.getByRole('button', { name: 'Delete 1 now' }).click()
  await expect(reportOf(page)).toContainText('Being deleted for good: 1')
  await expect(dialog).toHaveCount(0)

  const certificate = page.getByRole('link', { name: 'Certificate of deletion' })
  await expect(async () => {
    await open(page, own.url + path, script)
    await expect(certificate).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await certificate.click()
  await expect(page.getByRole('heading', { level: 1, name: /Certificate of deletion.*删除证明/ })).toBeVisible()
  const paper = page.locator('.paper')
  await expect(paper).toContainText('“Not agreed to”')
  await expect(paper).toContainText(ADMIN.name)
  await expect(paper).toContainText(/[0-9a-f]{64}/)
  await page.locator('.paper-bar').getByText('English', { exact: true }).click()
  await expect(paper.getByText('删除证明')).toBeHidden()
  await page.locator('.paper-bar').getByText('中文', { exact: true }).click()
  await expect(paper.getByText('Certificate of deletion')).toBeHidden()
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.paper-bar')).toBeHidden()
  await page.emulateMedia({ media: null })
  const json = await page.getByRole('link', { name: 'JSON' }).getAttribute('href')
  const answer = await page.request.get(own.url + json!)
  expect((await answer.json()).why.reason).toBe('Not agreed to')
  await page.getByRole('link', { name: 'Certificates' }).click()
  await expect(page.getByRole('table', { name: 'Certificates of deletion' })).toContainText('gone-for-good')
})

test('a case holds recordings, and is searched, changed and closed', async ({ member: page, reelroom, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  const number = `N-${Date.now()}`
  const path = await recording(page, reelroom, 'case-file', script)
  const hold = page.getByRole('region', { name: 'Hold' })
  await hold.locator('summary', { hasText: 'Add to a case' }).click()
  await hold.getByRole('link', { name: 'Open a case with it' }).click()
  const dialog = page.getByRole('dialog', { name: 'Open a case' })
  await expect(dialog).toContainText('1 recording is put on hold at once.')
  await dialog.getByLabel('Number').fill(number)
  await dialog.getByLabel('Name').fill('Audit of the board')
  await dialog.getByRole('button', { name: 'Open and hold 1' }).click()
  await expect(dialog).toContainText('A reason has 1 to 500 characters.')
  if (script) await expect(dialog.getByLabel('Reason')).toBeFocused()
  await expect(dialog.getByLabel('Number')).toHaveValue(number)
  await dialog.getByLabel('Reason').fill('The auditors ask for it.')
  await dialog.getByRole('button', { name: 'Open and hold 1' }).click()
  const detail = page.locator('#detail')
  await expect(page.getByRole('heading', { level: 1, name: 'Audit of the board' })).toBeVisible()
  await expect(detail).toContainText('The auditors ask for it.')
  await expect(detail.getByRole('link', { name: 'case-file', exact: true })).toBeVisible()
  await expect(detail.locator('.log')).toContainText('added 1 recording')

  const search = page.getByRole('searchbox', { name: 'Number, name, reason' })
  await search.fill(number)
  // With scripts the list follows the typing, and Enter opens what was found.
  if (!script) await search.press('Enter')
  await expect(page.locator('.cl .it')).toHaveCount(1)
  await page.locator('.cl .it').click()
  await page.getByRole('link', { name: 'Edit the case' }).click()
  await detail.getByLabel('Reference').fill('Letter, page 3')
  await detail.getByRole('button', { name: 'Save' }).click()
  await expect(detail.locator('aside')).toContainText('Letter, page 3')
  await detail.locator('summary', { hasText: 'Let someone look' }).click()
  await detail.getByLabel('Person or group').fill('nobody at all')
  await detail.getByRole('button', { name: 'Let look' }).click()
  await expect(detail).toContainText('No such person or group')

  await open(page, path, script)
  await expect(hold).toContainText(`Case ${number}`)
  await hold.getByRole('link', { name: `Case ${number}` }).click()
  await detail.getByRole('link', { name: 'Release case-file' }).click()
  const release = page.getByRole('alertdialog', { name: new RegExp(`^Release case-file from case ${number}`) })
  await release.getByLabel('Reason').fill('Not needed')
  await release.getByRole('button', { name: 'Release' }).click()
  await expect(release).toHaveCount(0)
  await expect(detail).toContainText('No recording is in this case.')

  await detail.getByRole('link', { name: 'Close case' }).click()
  const close = page.getByRole('alertdialog', { name: `Close case ${number}, Audit of the board?` })
  await expect(close.locator('.named')).toHaveCount(0)
  await close.getByLabel('Reason').fill('The report is out')
  await close.getByRole('button', { name: 'Close it' }).click()
  await expect(close).toHaveCount(0)
  await expect(detail.locator('.log')).toContainText('closed the case')
  await expect(detail.getByRole('link', { name: 'Close case' })).toHaveCount(0)
})

test('on a phone an open case is a screen of its own', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, '/cases?new=yes', script)
  const dialog = page.getByRole('dialog', { name: 'Open a case' })
  await dialog.getByLabel('Number').fill(`P-${Date.now()}`)
  await dialog.getByLabel('Name').fill('On a phone')
  await dialog.getByLabel('Reason').fill('Small screens')
  await dialog.getByRole('button', { name: 'Open case' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'On a phone' })).toBeVisible()
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(page.locator('.cl')).toBeHidden()
  await page.getByRole('link', { name: 'Cases', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Cases' })).toBeVisible()
  await expect(page.locator('.cd')).toBeHidden()
})

const SECOND = { name: 'u1002', password: 'lantern-quay-481' }

/** Signs the second administrator in. */
async function second(browser: Browser, own: Reelroom, javaScriptEnabled: boolean | undefined) {
  const context = await browser.newContext({ baseURL: own.url, javaScriptEnabled, locale: 'en-GB' })
  const page = await context.newPage()
  await signIn(page, own.url, SECOND)
  return page
}

test('a second administrator agrees or refuses', async ({ page, own, browser, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  const script = javaScriptEnabled !== false
  own.addUser(SECOND.name, SECOND.password, 'admin')
  const other = await second(browser, own, javaScriptEnabled)
  await open(page, `${own.url}/settings`, script)
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Deleting' }).click()
  await page.getByText('“Delete now” needs a second administrator').click()
  await page.getByLabel('Days in the trash').fill('0')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('1 to 3,650 days.')).toBeVisible()
  await page.getByLabel('Days in the trash').fill('14')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved')).toBeVisible()

  const path = await recording(page, own, 'two-keys', script)
  await page.getByRole('button', { name: 'Delete recording' }).click()
  await page.getByRole('link', { name: 'Open the trash' }).click()
  await expect(rowOf(page, 'two-keys')).toContainText('14 days left')
  const ask = async () => {
    await open(page, `${own.url}/trash`, script)
    await page.getByRole('link', { name: 'Delete two-keys now' }).click()
    const dialog = page.getByRole('alertdialog', { name: 'Delete 1 recording for good?' })
    await expect(dialog).toContainText('A second administrator has to agree.')
    await dialog.getByLabel('Reason').fill('Not agreed to')
    await dialog.getByLabel('Type').fill('delete 1')
    await dialog.getByRole('button', { name: 'Ask to delete 1' }).click()
    await expect(reportOf(page)).toContainText('A second administrator was asked to agree: 1')
    await expect(rowOf(page, 'two-keys')).toContainText('waits for a second')
    await expect(page.getByRole('region', { name: 'Waiting for a second administrator' })).toContainText('Your own')
    await open(other, '/trash', script)
    await other.getByRole('link', { name: 'Look', exact: true }).click()
    return other.getByRole('alertdialog', { name: `${ADMIN.name} asks to delete 1 recording for good` })
  }
  const refused = await ask()
  await expect(refused).toContainText('“Not agreed to”')
  await expect(refused.locator('.named')).toContainText(/two-keys\s*\w+day \d+ \w+ \d{4}, \d\d:\d\d, \d+ files?, /)
  await refused.getByRole('button', { name: 'Refuse' }).click()
  await expect(refused).toHaveCount(0)
  await expect(rowOf(other, 'two-keys')).toContainText('14 days left')

  const agreed = await ask()
  await agreed.getByLabel('Your password').fill('not the password')
  await agreed.getByRole('button', { name: 'Agree and delete' }).click()
  await expect(agreed).toContainText('This is not your password. Nothing was done.')
  await agreed.getByLabel('Your password').fill(SECOND.password)
  await agreed.getByRole('button', { name: 'Agree and delete' }).click()
  await expect(agreed).toHaveCount(0)
  await expect(async () => {
    await open(page, own.url + path, script)
    await expect(page.getByRole('link', { name: 'Certificate of deletion' })).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await page.getByRole('link', { name: 'Certificate of deletion' }).click()
  await expect(page.locator('.paper')).toContainText(SECOND.name)

  // A release that is asked for is shown where the hold is, and is not asked for twice.
  await open(page, `${own.url}/settings/deleting`, script)
  await page.getByText('Releasing a hold needs a second administrator').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved')).toBeVisible()
  const held = await recording(page, own, 'held-by-two', script)
  const hold = page.getByRole('region', { name: 'Hold' })
  await hold.locator('summary', { hasText: 'Put on hold' }).click()
  await hold.getByLabel('Reason').fill('Complaint')
  await hold.getByRole('button', { name: 'Hold it' }).click()
  await hold.locator('summary', { hasText: 'Ask to release' }).click()
  await hold.getByLabel('Reason').first().fill('Settled')
  await hold.getByRole('button', { name: 'Ask to release' }).click()
  await open(page, own.url + held, script)
  await expect(hold).toContainText(`${ADMIN.name} asked to release it`)
  await expect(hold.locator('summary', { hasText: 'Ask to release' })).toHaveCount(0)
  await open(other, '/', script)
  await other.getByRole('link', { name: '1 request waits for you' }).click()
  await other.getByRole('link', { name: 'Look', exact: true }).click()
  const release = other.getByRole('alertdialog', { name: `${ADMIN.name} asks to release a recording` })
  await release.getByRole('button', { name: 'Refuse' }).click()
  await expect(release).toHaveCount(0)
  await expect(other.getByRole('link', { name: /waits for you/ })).toHaveCount(0)
  await open(page, own.url + held, script)
  await expect(hold).toContainText(`${SECOND.name} refused to release it`)
  await expect(hold.locator('summary', { hasText: 'Ask to release' })).toHaveCount(1)
  await other.context().close()
})
