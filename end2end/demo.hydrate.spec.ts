// Pictures and videos that cannot be shown.

import { expect, open, Reelroom, signIn, test } from './reelroom.ts'

test('a picture that cannot be loaded gives way to an icon, and a file that cannot be played says so', async ({ page }) => {
  const own = await Reelroom.startWithDemo(120)
  // As its missing files would, but without errors in the console.
  await page.route('**/files/*', (route) => route.fulfill({ contentType: 'text/plain', body: 'nothing' }))
  await signIn(page, own.url)
  await open(page, `${own.url}/recordings?archive=archived&state=ready&kind=frame`)
  const picture = page.locator('.recs .thumb:has(img)').first()
  await picture.scrollIntoViewIfNeeded()
  await expect(picture.locator('img')).toBeHidden()
  await expect(picture.locator('svg')).toBeVisible()
  await open(page, `${own.url}/recordings?archive=archived&state=ready&kind=composite`)
  await page.locator('.recs [data-walk]').first().click()
  await expect(page.getByRole('alert').filter({ hasText: 'This file cannot be played.' })).toBeVisible()
  await page.close()
  await own.stop()
})
