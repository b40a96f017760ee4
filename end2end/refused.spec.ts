// A start that anyRTC refuses: the reason is where the person looks, and asks for nothing once it was seen.

import { expect, open, roomPath, test, typeOf } from './reelroom.ts'

test('a refused start is shown at its button and at the field that anyRTC names', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const room = script ? 'refused-js' : 'refused-plain'
  await open(page, roomPath(room), script)
  const type = page.getByLabel('Room type')
  await expect(type.getByRole('option', { includeHidden: true })).toHaveText(['Meet'])
  await typeOf(page, room, 'Foo', script)
  await expect(page.getByText('anyRTC may refuse the type Foo: this app lists Meet.')).toBeVisible()
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('heading', { name: 'anyRTC refused the start.' })).toHaveCount(1)
  await expect(page.locator('#start-hint')).toHaveText('anyRTC: Type is unknown')
  await expect(type).toHaveValue('Foo')
  await expect(type).toHaveAttribute('aria-invalid', 'true')
  await expect(type).toBeFocused()
  await expect(type).toBeInViewport()
  const row = page.getByRole('navigation', { name: 'Room list' }).getByRole('link', { name: room })
  await expect(row).toContainText('Needs attention')
  await expect(row).toContainText('never')

  // Its own page names the cause once, and has no player.
  await page.getByRole('link', { name: 'Library' }).first().click()
  await page.getByRole('link', { name: /^Failed starts: / }).click()
  await page.getByRole('link', { name: room }).click()
  await expect(page.getByText(/anyRTC: Type is unknown$/)).toBeVisible()
  await expect(page.locator('video')).toHaveCount(0)
  await page.getByRole('link', { name: 'Try again with this form' }).click()
  await expect(type).toHaveValue('Foo')

  await page.getByRole('button', { name: 'Got it' }).click()
  await expect(page.getByRole('heading', { name: 'anyRTC refused the start.' })).toHaveCount(0)
  await expect(row).not.toContainText('Needs attention')
  await expect(type).toHaveValue('Meet')

  // It asks for nothing anywhere, and its form can still be sent again.
  const recent = page.getByRole('region', { name: 'Recent in this room' }).getByRole('row').last()
  await expect(recent).toContainText('anyRTC: Type is unknown')
  await expect(recent).toContainText('Refused')
  await recent.getByRole('link').click()
  await expect(page.getByText('Needs attention', { exact: true })).toHaveCount(0)
  await page.getByRole('link', { name: 'Try again with this form' }).click()
  await expect(type).toHaveValue('Foo')
})
