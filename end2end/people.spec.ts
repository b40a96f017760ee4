// People and groups, and one-time links; with JavaScript and without.

import type { Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { ADMIN, Reelroom, expect, hydrated, open, roomPath, test } from './reelroom.ts'

const PASSWORD = 'lantern-quay-481'

/** A sign-in name that no other test of this server has. */
const newName = () => `u${Date.now()}${Math.floor(Math.random() * 1000)}`

/** Adds a viewer of no room, and returns the path of the one-time link. */
async function add(page: Page, name: string, script: boolean): Promise<string> {
  await open(page, '/settings/people', script)
  await page.getByRole('link', { name: 'Add a person' }).click()
  await page.getByLabel('User id').fill(name)
  await page.getByLabel(/^Name/).fill('Hanna Lindqvist')
  await page.getByRole('button', { name: 'Add and make the link' }).click()
  await expect(page.getByRole('heading', { name: 'Link for Hanna Lindqvist' })).toBeVisible()
  return new URL(await page.locator('.once code').innerText()).pathname
}

const panel = (page: Page) => page.locator('#detail')
const section = (page: Page, name: string) => panel(page).getByRole('region', { name })

test('a person is added and sets the password by a link that is shown once', async ({ member: page, reelroom, browser, baseURL, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, '/settings', script)
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'People' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible()
  const name = newName()
  const link = await add(page, name, script)
  if (script) {
    // A page that refreshes keeps it.
    const refreshed = page.waitForResponse((answer) => answer.url().includes('/settings/people'))
    await reelroom.tell(`/sandbox/auto/${name}`, {})
    await refreshed
    await page.waitForTimeout(300)
    await expect(page.locator('.once code')).toBeVisible()
  }
  await page.getByRole('link', { name: 'I have handed it over' }).click()
  await expect(section(page, 'Signing in')).toContainText('not set yet')
  await expect(section(page, 'Signing in')).toContainText('open until')
  await expect(page.locator('.once')).toHaveCount(0)
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('link open')

  const own = await browser.newContext({ baseURL, javaScriptEnabled })
  const other = await own.newPage()
  await other.goto(link)
  await expect(other.getByLabel('User id')).toHaveValue(name)
  await other.getByLabel('New password').fill('short')
  await other.getByRole('button', { name: 'Set the password and sign in' }).click()
  await expect(other.getByText('This password is too short')).toBeVisible()
  await other.getByLabel('New password').fill(PASSWORD)
  await other.getByRole('button', { name: 'Set the password and sign in' }).click()
  await other.waitForURL((url) => url.pathname === '/')
  await other.goto(link)
  await expect(other.getByText('This link was used already')).toBeVisible()

  await page.reload()
  await expect(section(page, 'Sessions').getByRole('listitem')).toHaveCount(1)
  await expect(section(page, 'Sessions')).toContainText(/Chrome on (Linux|Windows)/)

  // Another role ends the session.
  await panel(page).getByLabel('Role').selectOption('operator')
  await panel(page).getByLabel('Share', { exact: true }).check()
  await panel(page).getByRole('button', { name: 'Save' }).click()
  await expect(panel(page).getByText('Saved')).toBeVisible()
  await expect(panel(page).getByLabel('Share', { exact: true })).toBeChecked()
  await expect(section(page, 'Sessions')).toContainText('No session is open.')
  await other.goto('/recordings')
  await expect(other).toHaveURL(/\/login/)
  await own.close()

  await panel(page).getByRole('button', { name: 'Disable' }).click()
  await expect(panel(page).getByText(/^This account is disabled since/)).toBeVisible()
  await expect(panel(page).getByRole('button', { name: 'Make a one-time link' })).toHaveCount(0)
  await panel(page).getByRole('button', { name: 'Enable' }).click()
  await expect(panel(page).getByText(/^This account is disabled since/)).toHaveCount(0)
})

test('a group gives its members a prefix, which says how many rooms it fits', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const name = newName()
  await open(page, roomPath(`${name}-west`), script)
  await open(page, roomPath(`${name}-east`), script)
  await add(page, name, script)
  await page.getByRole('link', { name: 'I have handed it over' }).click()
  await expect(page.locator('.once')).toHaveCount(0)
  await page.getByRole('navigation', { name: 'People or groups' }).getByRole('link', { name: 'Groups' }).click()
  const group = `Group ${name}`
  await page.getByLabel('Name of the group').fill(group)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(panel(page).getByRole('heading', { name: group })).toBeVisible()

  await panel(page).getByLabel('Kind of grant').selectOption('prefix')
  await panel(page).getByLabel('Room or prefix').fill(`${name}-*`)
  await section(page, 'Reaches').getByRole('button', { name: 'Add' }).click()
  await expect(section(page, 'Reaches')).toContainText(`Fits 2 rooms today: ${name}-east, ${name}-west.`)
  const members = section(page, 'People')
  await members.getByLabel('User id').fill('nobody')
  await members.getByRole('button', { name: 'Add to the group' }).click()
  await expect(members.getByText('No account has this user id.')).toBeVisible()
  await members.getByLabel('User id').fill(name)
  await members.getByRole('button', { name: 'Add to the group' }).click()
  await expect(members.getByRole('listitem')).toContainText(name)
  await expect(page.getByRole('row').filter({ hasText: group })).toContainText('2')

  // The person has it through the group.
  await open(page, `/settings/people?q=${name}`, script)
  await page.getByRole('row').filter({ hasText: name }).getByRole('link').click()
  await expect(section(page, 'Reaches')).toContainText(`through ${group}`)
  await expect(section(page, 'Reaches')).toContainText(/2 of \d+ rooms/)
  await section(page, 'Groups').getByRole('button', { name: `Leave ${group}` }).click()
  await expect(section(page, 'Reaches')).toContainText('Nothing is granted yet.')
  await panel(page).getByLabel('Room or prefix').fill(`${name}-west`)
  await section(page, 'Reaches').getByRole('button', { name: 'Add' }).click()
  await expect(section(page, 'Reaches')).toContainText(/1 of \d+ rooms/)
  await panel(page).getByLabel('Room or prefix').fill(`${name}-east`)
  await section(page, 'Reaches').getByRole('button', { name: 'Add' }).click()
  await expect(section(page, 'Reaches')).toContainText(/2 of \d+ rooms/)
  await section(page, 'Reaches').getByRole('button', { name: `Take away ${name}-east` }).click()
  await expect(section(page, 'Reaches').getByRole('listitem')).toContainText([`${name}-west`])
  // The focus is not on the button of the room that is left.
  if (script) await expect(panel(page).getByRole('heading', { level: 1 })).toBeFocused()
  await section(page, 'Reaches').getByRole('button', { name: `Take away ${name}-west` }).click()
  await expect(section(page, 'Reaches')).toContainText('Nothing is granted yet.')
})

test('people are searched and filtered', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const name = newName()
  await add(page, name, script)
  await open(page, '/settings/people', script)
  const search = async (how: () => Promise<unknown>) => {
    await how()
    if (!script) await page.getByRole('button', { name: 'Search' }).click()
  }
  const rows = page.locator('.ppl tbody tr')
  await search(() => page.getByRole('searchbox').fill(name))
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText('Hanna Lindqvist')
  await search(() => page.getByRole('combobox', { name: 'Role' }).selectOption('admin'))
  await expect(page.getByText('Nobody matches')).toBeVisible()
  await page.getByRole('link', { name: 'Clear filters' }).click()
  await expect(rows.filter({ hasText: ADMIN.name })).toHaveCount(1)
})

test('a long list has pages, and each opens at its top', async ({ page, own, javaScriptEnabled }) => {
  test.setTimeout(90_000)
  const headers = { accept: 'application/json' }
  for (let n = 0; n < 230; n++) {
    const form = { name: `v${String(n).padStart(3, '0')}`, role: 'viewer' }
    const added = await page.request.post(`${own.url}/fn/add_person`, { form, headers })
    expect(added.status()).toBe(200)
  }
  await open(page, `${own.url}/settings/people`, javaScriptEnabled !== false)
  const rows = page.locator('.ppl tbody tr')
  const top = () => page.locator('.set-p > .scroll').evaluate((list) => list.scrollTop)
  await expect(rows).toHaveCount(200)
  await rows.nth(150).getByRole('link').click()
  await expect(panel(page).getByRole('heading', { name: 'v149' })).toBeVisible()
  // Scripts keep the scroll position of the list.
  if (javaScriptEnabled !== false) expect(await top()).toBeGreaterThan(1000)
  await page.getByRole('link', { name: 'Load more' }).click()
  await expect(rows).toHaveCount(31)
  await expect(rows.last()).toContainText('v229')
  await expect.poll(top).toBe(0)
  await page.getByRole('link', { name: 'Back to the beginning' }).click()
  await expect(rows.first()).toContainText(ADMIN.name)
})

test('the last administrator is told why the role stays', async ({ member: page, javaScriptEnabled }) => {
  await open(page, '/settings/people', javaScriptEnabled !== false)
  await page.getByRole('row').filter({ hasText: ADMIN.name }).getByRole('link').click()
  await expect(panel(page).getByText(`${ADMIN.name} is the last administrator`)).toBeVisible()
  await expect(panel(page).getByLabel('Role')).toBeDisabled()
  await expect(panel(page).getByRole('button', { name: 'Disable' })).toHaveCount(0)
  await panel(page).getByRole('link', { name: 'Add an administrator' }).click()
  await expect(panel(page).getByLabel('Role')).toHaveValue('admin')
  // With nothing granted yet there is no room to type.
  const [kind, room] = ['Kind of grant', 'Room or prefix'].map((label) => panel(page).getByLabel(label))
  await expect(kind).toHaveValue('')
  await expect(room).toBeHidden()
  await kind.selectOption('room')
  await expect(room).toBeVisible()
  await kind.selectOption('app')
  await expect(room).toBeHidden()
})

test('a wrong link says what to do', async ({ page }) => {
  await page.goto('/once/nowhere')
  await expect(page.getByText('This link is not known')).toBeVisible()
  await page.getByRole('link', { name: 'Go to the sign-in' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
})

test('the page of a link is in the language that its visitor chooses', async ({ member: page, browser, baseURL, javaScriptEnabled }) => {
  const link = await add(page, newName(), javaScriptEnabled !== false)
  const own = await browser.newContext({ baseURL, javaScriptEnabled, locale: 'zh-CN' })
  const other = await own.newPage()
  await other.goto(link)
  await expect(other.getByRole('heading', { name: '设置密码' })).toBeVisible()
  await other.getByRole('button', { name: 'English' }).click()
  await expect(other.getByRole('heading', { name: 'Set your password' })).toBeVisible()
  await expect(other).toHaveURL(new URL(link, baseURL).href)
  await other.getByRole('button', { name: '中文' }).click()
  await expect(other.getByRole('heading', { name: '设置密码' })).toBeVisible()
  await own.close()
})

test('on a phone a row has the name, the role and when the person was last seen', async ({ member: page, javaScriptEnabled }) => {
  const name = newName()
  await add(page, name, javaScriptEnabled !== false)
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, '/settings/people', javaScriptEnabled !== false)
  for (const [of, role, seen] of [
    [ADMIN.name, 'Administrator', /, you$/],
    [name, 'Viewer', /link open/],
  ] as const) {
    const row = page.getByRole('row').filter({ hasText: of })
    await expect(row.locator('.c-person')).toContainText(role)
    await expect(row.locator('.c-person b')).toBeVisible()
    await expect(row.locator('.c-seen')).toHaveText(seen)
    for (const hidden of ['.c-role', '.c-rights', '.c-groups']) await expect(row.locator(hidden)).toBeHidden()
    const [who, when] = [await row.locator('.c-person').boundingBox(), await row.locator('.c-seen').boundingBox()]
    expect(who!.width).toBeGreaterThan(120)
    expect(when!.x + when!.width).toBeLessThanOrEqual(390)
  }
  const wider = await page.evaluate(() => {
    const all = [document.documentElement, ...document.querySelectorAll('.set-p, .set-p > .scroll, .ppl')]
    return all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className)
  })
  expect(wider).toEqual([])
})

test('the accounts are exported', async ({ member: page, javaScriptEnabled }) => {
  await open(page, '/settings/people', javaScriptEnabled !== false)
  const saved = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export' }).click()
  const csv = await saved
  expect(csv.suggestedFilename()).toBe('people.csv')
  const lines = readFileSync(await csv.path(), 'utf8').trim().split('\n')
  expect(lines[0]).toMatch(/^name,person,role,rights,groups,grants,/)
  expect(lines.filter((line) => line.startsWith(`${ADMIN.name},`))).toHaveLength(1)
})

test('after the set-up the first administrator is told what to do next', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const reelroom = await Reelroom.start()
  try {
    await page.goto(`${reelroom.url}/login`)
    await page.getByLabel('One-time code').fill(reelroom.setUpCode!)
    await page.getByLabel('User id').fill('first')
    await page.getByLabel('Password', { exact: true }).fill('long enough for it')
    await page.getByRole('button', { name: 'Create administrator' }).click()
    const note = page.getByRole('status').filter({ hasText: 'you are its administrator' })
    await expect(note).toBeVisible()
    await hydrated(page, script)
    await expect(note.getByRole('link', { name: 'Set up a second factor' })).toHaveAttribute('href', '/settings/me')
    await note.getByRole('link', { name: 'Add a person' }).click()
    await expect(page.getByRole('button', { name: 'Add and make the link' })).toBeVisible()
    await open(page, `${reelroom.url}/settings`, script)
    await expect(note).toHaveCount(0)
    await open(page, `${reelroom.url}/settings/people`, script)
    await expect(page.getByRole('heading', { name: 'Only you so far' })).toBeVisible()
    await page.getByRole('link', { name: 'Add a person' }).click()
    await expect(page.getByRole('button', { name: 'Add and make the link' })).toBeVisible()
  } finally {
    await page.close()
    await reelroom.stop()
  }
})
