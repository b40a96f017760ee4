// Menus: beside their button, closed by Escape and by a click elsewhere, and open after a rejected form.

import { expect, open, roomPath, test } from './reelroom.ts'

test('a menu opens beside its button, and Escape returns to the button', async ({ member: page, javaScriptEnabled }) => {
  await open(page, roomPath('menus'), javaScriptEnabled !== false)
  for (const width of [1440, 820, 390]) {
    await page.setViewportSize({ width, height: 844 })
    const drops = await page.locator('.drop:visible').all()
    expect(drops.length).toBeGreaterThanOrEqual(2)
    for (const drop of drops) {
      const [button, menu] = [drop.locator('> button'), drop.locator('> .menu')]
      await expect(menu).toBeHidden()
      await button.click()
      await expect(menu).toBeVisible()
      const [from, at] = [(await button.boundingBox())!, (await menu.boundingBox())!]
      const gap = Math.max(at.y - (from.y + from.height), from.y - (at.y + at.height))
      expect(gap, await button.innerText()).toBeLessThanOrEqual(8)
      expect(at.x).toBeGreaterThanOrEqual(0)
      expect(at.x + at.width).toBeLessThanOrEqual(width)
      await page.keyboard.press('Escape')
      await expect(menu).toBeHidden()
      await expect(button).toBeFocused()
      await button.click()
      await page.locator('h1:visible').first().click()
      await expect(menu).toBeHidden()
    }
  }
})

test('a menu with a rejected form is open', async ({ member: page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  await open(page, '/', script)
  await page.locator('button[aria-label="Add a room"]').click()
  const field = page.getByRole('textbox', { name: 'Room id' })
  await field.fill('客'.repeat(43))
  await field.press('Enter')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(field).toBeVisible()
  await page.reload()
  await expect(field).toBeVisible()
  if (!script) return
  await page.keyboard.press('Escape')
  await expect(field).toBeHidden()
})
