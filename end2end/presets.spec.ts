// Presets, with JavaScript and without.

import type { Page } from '@playwright/test'
import { expect, open, roomPath, test, typeOf, violations } from './reelroom.ts'

const rule = (page: Page) => page.getByLabel('File name rule')
const menu = (page: Page) => page.locator('.drop.presets')

async function openMenu(page: Page) {
  if (!(await menu(page).locator('.menu').isVisible())) await menu(page).locator('> button').click()
}

async function save(page: Page, name: string, text: string) {
  await rule(page).fill(text)
  await openMenu(page)
  await page.getByLabel('Save this form as a preset').fill(name)
  await menu(page).getByRole('button', { name: 'Save', exact: true }).click()
  await expect(menu(page).locator('> button')).toContainText(name)
}

/** The row of a preset, with its actions open. */
async function change(page: Page, name: string) {
  await openMenu(page)
  const row = menu(page).locator('li.preset').filter({ has: page.locator('.offer', { hasText: name }) })
  const details = row.locator('details.change')
  if (!(await details.evaluate((d: HTMLDetailsElement) => d.open))) await details.locator('summary').click()
  return row
}

test('a preset is saved, filled in, taken back, renamed and deleted', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const tag = script ? 'js' : 'plain'
  const room = roomPath(`presets-${tag}`)
  await open(page, room, script)
  await save(page, `Board ${tag}`, `board_{date}_{random}_${tag}`)

  // Filling in keeps the typed values.
  await rule(page).fill('typed_{date}_{random}')
  await openMenu(page)
  await menu(page).locator('.offer', { hasText: `Board ${tag}` }).click()
  await expect(rule(page)).toHaveValue(`board_{date}_{random}_${tag}`)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rule(page)).toHaveValue('typed_{date}_{random}')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rule(page)).toHaveValue(`board_{date}_{random}_${tag}`)

  // A name that is taken gives an error and offers to overwrite.
  await rule(page).fill(`newer_{date}_{random}_${tag}`)
  await openMenu(page)
  await page.getByLabel('Save this form as a preset').fill(`board ${tag}`)
  await menu(page).getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Another preset has this name.')).toBeVisible()
  await expect(rule(page)).toHaveValue(`newer_{date}_{random}_${tag}`)
  await menu(page).getByRole('button', { name: `Overwrite Board ${tag}` }).click()
  await expect(menu(page).locator('> button')).toContainText(`Board ${tag}`)

  const row = await change(page, `Board ${tag}`)
  await row.getByLabel('Name', { exact: true }).fill(`Council ${tag}`)
  await row.getByRole('button', { name: 'Rename' }).click()
  await expect(menu(page).locator('> button')).toContainText(`Council ${tag}`)

  await (await change(page, `Council ${tag}`)).getByRole('button', { name: `Delete Council ${tag}` }).click()
  await expect(menu(page).locator('> button')).toContainText('none')
})

test('a fresh room begins with its default', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const tag = script ? 'js' : 'plain'
  await open(page, roomPath(`begin-${tag}`), script)
  await save(page, `Begin ${tag}`, `begin_{date}_{random}_${tag}`)
  const pressed = (page: Page, name: string) => page.getByRole('button', { name }).first()
  let row = await change(page, `Begin ${tag}`)
  await row.getByRole('button', { name: 'Default for all rooms' }).click()
  await expect(menu(page).locator('.tag', { hasText: 'all rooms' })).toHaveCount(1)
  await open(page, roomPath(`fresh-${tag}`), script)
  await expect(rule(page)).toHaveValue(`begin_{date}_{random}_${tag}`)
  row = await change(page, `Begin ${tag}`)
  await expect(pressed(page, 'Default for all rooms')).toHaveAttribute('aria-pressed', 'true')
  await row.getByRole('button', { name: 'Default for all rooms' }).click()
  await expect(menu(page).locator('.tag', { hasText: 'all rooms' })).toHaveCount(0)
  await (await change(page, `Begin ${tag}`)).getByRole('button', { name: `Delete Begin ${tag}` }).click()
  await expect(menu(page).locator('.offer', { hasText: `Begin ${tag}` })).toHaveCount(0)
})

test('the default of a room goes before that of all rooms', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const tag = script ? 'js' : 'plain'
  const own = roomPath(`own-${tag}`)
  await open(page, own, script)
  await save(page, `Every ${tag}`, `every_{date}_{random}_${tag}`)
  await save(page, `Own ${tag}`, `own_{date}_{random}_${tag}`)
  await (await change(page, `Every ${tag}`)).getByRole('button', { name: 'Default for all rooms' }).click()
  await expect(menu(page).locator('.tag', { hasText: 'all rooms' })).toHaveCount(1)
  await (await change(page, `Own ${tag}`)).getByRole('button', { name: 'Default for this room' }).click()
  await expect(menu(page).locator('.tag', { hasText: 'this room' })).toHaveCount(1)
  await open(page, own, script)
  await expect(rule(page)).toHaveValue(`own_{date}_{random}_${tag}`)
  await open(page, roomPath(`other-${tag}`), script)
  await expect(rule(page)).toHaveValue(`every_{date}_{random}_${tag}`)
  for (const name of [`Every ${tag}`, `Own ${tag}`]) {
    await (await change(page, name)).getByRole('button', { name: `Delete ${name}` }).click()
    await expect(menu(page).locator('.offer', { hasText: name })).toHaveCount(0)
  }
})

test('a preset with a type that the app does not list says so, and so does the form', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const name = script ? 'Unlisted js' : 'Unlisted plain'
  const type = page.getByLabel('Room type')
  const text = 'anyRTC may refuse the type Foo: this app lists Meet.'
  const warning = page.locator('#kind-wrong', { hasText: text })
  await open(page, roomPath(script ? 'unlisted-js' : 'unlisted-plain'), script)
  await typeOf(page, script ? 'unlisted-js' : 'unlisted-plain', 'Foo', script)
  await save(page, name, 'unlisted_{date}_{random}')
  await expect(warning).toBeVisible()
  // The type of the form is not yet that of the room, which was never recorded.
  await expect(page.locator('.facts')).not.toContainText('Foo')
  await type.selectOption('Meet')
  if (script) await expect(warning).toHaveCount(0)
  await openMenu(page)
  const row = menu(page).locator('li.preset').filter({ has: page.locator('.offer', { hasText: name }) })
  await expect(row).toContainText(text)
  await row.locator('.offer').click()
  await expect(type).toHaveValue('Foo')
  await expect(warning).toBeVisible()
  await (await change(page, name)).getByRole('button', { name: `Delete ${name}` }).click()
  await expect(row).toHaveCount(0)
})

test('presets are put in order', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const tag = script ? 'js' : 'plain'
  await open(page, roomPath(`order-${tag}`), script)
  await save(page, `First ${tag}`, `first_{date}_{random}`)
  await save(page, `Second ${tag}`, `second_{date}_{random}`)
  const offers = menu(page).locator('.offer', { hasText: tag })
  await expect(offers).toHaveText([/First/, /Second/])
  await (await change(page, `Second ${tag}`)).getByRole('button', { name: `Move Second ${tag} up` }).click()
  await expect(offers).toHaveText([/Second/, /First/])
  if (script) {
    const offer = menu(page).locator('.offer', { hasText: `Second ${tag}` })
    await offer.focus()
    await offer.press('Alt+ArrowDown')
    await expect(offers).toHaveText([/First/, /Second/])
    await expect(offer).toBeFocused()
  }
  for (const name of [`First ${tag}`, `Second ${tag}`]) {
    await (await change(page, name)).getByRole('button', { name: `Delete ${name}` }).click()
    await expect(menu(page).locator('.offer', { hasText: name })).toHaveCount(0)
  }
})

test('what is gone says so, and Enter in the form starts and fills nothing in', async ({ member: page, context, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const tag = script ? 'js' : 'plain'
  const room = roomPath(`gone-${tag}`)
  // A page without live updates still shows the deleted preset.
  await page.route('**/events?*', (route) => route.abort())
  await open(page, room, script)
  await save(page, `Gone ${tag}`, `gone_{date}_{random}`)
  const row = await change(page, `Gone ${tag}`)
  const other = await context.newPage()
  await open(other, roomPath(`elsewhere-${tag}`), script)
  await (await change(other, `Gone ${tag}`)).getByRole('button', { name: `Delete Gone ${tag}` }).click()
  await expect(menu(other).locator('.offer', { hasText: `Gone ${tag}` })).toHaveCount(0)
  await other.close()
  await row.getByLabel('Name', { exact: true }).fill('New name')
  await row.getByRole('button', { name: 'Rename' }).click()
  await expect(page.getByText('Somebody has deleted this preset')).toBeVisible()
  await page.unroute('**/events?*')

  await open(page, room, script)
  await rule(page).fill(`enter_{date}_{random}`)
  await rule(page).press('Enter')
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
  await expect(async () => {
    await open(page, room, script)
    await expect(menu(page)).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000 })
  await openMenu(page)
  await expect(menu(page).locator('.offer').first()).toContainText('Last used in this room')
  await expect(menu(page).locator('.offer').first()).toContainText('enter_{date}_{random}')
})

test('axe finds nothing in the list, wide and narrow', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  test.skip(!script, 'axe is a script')
  await open(page, roomPath('axe-presets'))
  await save(page, 'Axe', 'axe_{date}_{random}')
  await rule(page).fill('axe_{date}_{random}_typed')
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await change(page, 'Axe')
    expect(await violations(page), `${width} px`).toEqual([])
    const box = (await menu(page).locator('.menu').first().boundingBox())!
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(width)
    for (const target of await menu(page).locator('button:visible, summary:visible').all()) {
      expect((await target.boundingBox())!.height).toBeGreaterThanOrEqual(32)
    }
  }
})
