// Title, tags and notes of a recording, edited in place; and whether it was seen. With JavaScript and without.

import type { Page } from '@playwright/test'
import { expect, open, roomPath, test } from './reelroom.ts'

/** Starts and stops a recording, and opens its page. Returns its path. */
async function record(page: Page, room: string, script: boolean): Promise<string> {
  await open(page, roomPath(room), script)
  await page.getByRole('button', { name: 'Start recording' }).click()
  await page.getByRole('button', { name: /Stop recording/ }).click()
  let path = ''
  await expect(async () => {
    await page.goto(`/recordings?room=${room}`)
    const link = page.locator('.recs .nm a').first()
    path = new URL((await link.getAttribute('href', { timeout: 500 }))!, page.url()).pathname
  }).toPass({ timeout: 15_000 })
  await open(page, path, script)
  return path
}

const section = (page: Page, name: string) => page.getByRole('region', { name: new RegExp(`^${name}`) })
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const tags = (page: Page) => page.getByRole('combobox', { name: 'Tags', exact: true })

test('title, tags and notes are edited in place', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'told-js' : 'told-plain'
  await record(page, room, script)
  await expect(heading(page, room)).toBeVisible()
  const edit = page.getByRole('link', { name: 'Edit title, tags and notes' })
  const save = page.getByRole('button', { name: 'Save', exact: true })
  if (script) await page.keyboard.press('e')
  else await edit.click()
  await expect(field(page, 'Title')).toBeFocused()
  await field(page, 'Title').fill('Fractions, lesson 14')
  await tags(page).fill('lesson, fractions')
  await field(page, 'Notes').fill('<b>The connection broke</b>\nSheet: https://x.example/fractions.')
  if (script) await page.keyboard.press('Control+Enter')
  else await save.click()
  await expect(heading(page, 'Fractions, lesson 14')).toBeVisible()
  await expect(page).toHaveTitle('Fractions, lesson 14 · Reelroom')
  await expect(page.locator('.rec-h .sub')).toContainText(`${room}, `)
  await expect(section(page, 'Tags').getByRole('listitem')).toHaveText(['fractions', 'lesson'])
  await expect(page.locator('.note-text')).toHaveText('<b>The connection broke</b>\nSheet: https://x.example/fractions.')
  const link = section(page, 'Notes').getByRole('link', { name: 'https://x.example/fractions', exact: true })
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer')
  await expect(section(page, 'Notes')).toContainText('u1001, ')
  await expect(section(page, 'What happened')).toContainText('u1001 changed the title')

  // Discarded.
  await edit.click()
  await field(page, 'Title').fill('Another title')
  if (script) await page.keyboard.press('Escape')
  else await page.getByRole('link', { name: 'Discard' }).click()
  await expect(heading(page, 'Fractions, lesson 14')).toBeVisible()
  await expect(save).toHaveCount(0)

  // A refused form keeps what was typed.
  await edit.click()
  await field(page, 'Title').fill('Sums')
  await tags(page).fill('lesson, sums')
  await field(page, 'Notes').fill('bell\u0007')
  await save.click()
  await expect(page.getByText(/^Notes have at most 10,000 characters/)).toBeVisible()
  await expect(field(page, 'Title')).toHaveValue('Sums')
  await expect(tags(page)).toHaveValue('lesson, sums')
  await expect(field(page, 'Notes')).toHaveValue('bell\u0007')
  // The browser itself keeps a form that it knows to be wrong.
  await tags(page).fill('x'.repeat(41))
  await field(page, 'Notes').fill('No bell')
  await save.click()
  await expect(field(page, 'Notes')).toHaveValue('No bell')
  await tags(page).fill('lesson, sums')
  await save.click()
  await expect(heading(page, 'Sums')).toBeVisible()
  await expect(section(page, 'Tags').getByRole('listitem')).toHaveText(['lesson', 'sums'])
  await expect(page.locator('.note-text')).toHaveText('No bell')
  await expect(page).not.toHaveURL(/failed|title|edit/)
})

test('tags are suggested while they are typed', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'tagged-js' : 'tagged-plain'
  const path = await record(page, room, script)
  const tag = `homework-${room}`
  const form = { id: path.split('/').pop()!, tags: `${tag}, other-${room}` }
  const saved = await page.request.post('/fn/describe_recording', { form, headers: { accept: 'application/json' } })
  expect(saved.status()).toBe(200)
  const other = await record(page, `${room}-2`, script)
  await open(page, `${other}?edit=1`, script)
  const options = page.locator('#known-tags option')
  await expect(options.filter({ hasText: tag })).toHaveText(`${tag} · 1`)
  if (!script) return
  await tags(page).pressSequentially(`new one, OTHER-${room.slice(0, -1)}`)
  await expect(options).toHaveCount(1)
  await expect(options).toHaveAttribute('value', `new one, other-${room}`)
  // A live update keeps them.
  const titled = { id: other.split('/').pop()!, title: 'Sums' }
  await page.request.post('/fn/describe_recording', { form: titled, headers: { accept: 'application/json' } })
  await expect(section(page, 'What happened')).toContainText('changed the title')
  await expect(options).toHaveAttribute('value', `new one, other-${room}`)
})

test('a recording that was opened is seen until it is marked as not seen', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await record(page, script ? 'seen-js' : 'seen-plain', script)
  await expect(section(page, 'Seen')).toContainText('By you, ')
  await page.getByRole('button', { name: 'Mark as not seen' }).click()
  await expect(section(page, 'Seen')).toContainText('Not by you')
  await page.reload()
  await expect(section(page, 'Seen')).toContainText('Not by you')
  await page.getByRole('link', { name: 'Mark as seen' }).click()
  await expect(section(page, 'Seen')).toContainText('By you, ')
})

test('tags leave the title of a row whole, and are shown whole or not at all', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'titled-js' : 'titled-plain'
  await record(page, room, script)
  await page.getByRole('link', { name: 'Edit title, tags and notes' }).click()
  await field(page, 'Title').fill('Call about invoice 380')
  await tags(page).fill('complaint, external, follow-up, training call')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(heading(page, 'Call about invoice 380')).toBeVisible()
  const size = page.viewportSize()!
  for (const width of [1440, 820, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await open(page, `/recordings?room=${room}`, script)
    const row = page.locator('.recs .nm')
    expect(await row.locator('a').evaluate((title) => title.scrollWidth <= title.clientWidth)).toBe(true)
    const cut = await row.locator('.marks').evaluate((marks) => {
      const box = marks.getBoundingClientRect()
      const shown = [...marks.children].map((tag) => tag.getBoundingClientRect()).filter((tag) => tag.top < box.bottom)
      return shown.filter((tag) => tag.right > box.right + 1).length
    })
    expect(cut).toBe(0)
    expect(await page.locator('.lib-b').evaluate((list) => list.scrollWidth <= list.clientWidth)).toBe(true)
  }
  await page.setViewportSize(size)
})
