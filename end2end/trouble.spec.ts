// A file without a copy: on the list of rooms and in the library, and tried again by a person.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, open, Reelroom, signIn, test, violations, WITH_ADMIN } from './reelroom.ts'

test('a blocked file is shown until a person tries it again', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const reelroom = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
  const { url } = reelroom
  // Redirects to a host that the app does not allow, at first.
  let redirects = true
  const files = createServer((_, answer) => {
    if (redirects) answer.writeHead(302, { location: 'http://192.0.2.1/' }).end()
    else answer.end('\u0001123456789')
  })
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(files.address() as AddressInfo).port}`

  await signIn(page, url)
  const form = {
    id: '', name: 'Board', app_id: 'board', api_base: base, method: 'get', encoding: 'json', reply_form: 'string',
    zone: 'UTC', allowed_hosts: '', kinds: 'Meet',
  }
  const saved = await page.request.post(`${url}/fn/save_app`, { form, headers: { accept: 'application/json' } })
  const app = await saved.json()
  const call = {
    type: '1', mediaType: 'video', userId: 'u1', groupId: 'no-copy', fileName: 'no-copy.mp4', fileSize: 10, duration: 3,
    startTime: '2018-3-21 13:06:27', endTime: '2018-3-21 13:06:30', downloadUrl: `${base}/no-copy.mp4`, userData: '',
  }
  await fetch(`${url}/AR/V1/av?app=${app}`, { method: 'POST', body: JSON.stringify(call) })

  const list = page.getByRole('list', { name: 'Files without a copy' })
  await expect(async () => {
    await open(page, `${url}/?app=${app}`, script)
    await expect(list).toContainText('1 blocked', { timeout: 500 })
  }).toPass({ timeout: 15_000 })
  await expect(list).toContainText('Tried once: 192.0.2.1')
  await expect(list.getByRole('link', { name: 'no-copy' })).toBeVisible()
  if (script) expect(await violations(page)).toEqual([])

  await open(page, `${url}/recordings`, script)
  await expect(page.locator('.banner')).toContainText('1 file has no copy: 1 blocked')
  await page.getByRole('link', { name: 'Show these recordings' }).click()
  await expect(page).toHaveURL(/archive=trouble/)
  const row = page.getByRole('row').filter({ hasText: 'no-copy' })
  await expect(row).toContainText('Address blocked')
  if (script) expect(await violations(page)).toEqual([])

  // The row is a link, and the button in it is not.
  redirects = false
  const posted = page.waitForResponse(/retry_files/)
  await row.getByRole('button', { name: 'Try now' }).click()
  await posted
  await expect(async () => {
    await open(page, `${url}/recordings?archive=trouble`, script)
    await expect(page.getByText('No recording has files without a copy')).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 15_000 })
  await open(page, `${url}/`, script)
  await expect(page.getByRole('link', { name: 'no-copy' }).first()).toBeVisible()
  await expect(list).toHaveCount(0)
  files.close()
  await reelroom.stop()
})

test('a file that anyRTC no longer has is called so on every page', async ({ page, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false
  const own = await Reelroom.startWithDemo(1600)
  // The files of a demo have no content.
  await page.route('**/files/*', (route) => route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }))
  await signIn(page, own.url)
  await open(page, `${own.url}/recordings?archive=trouble`, script)
  // A demo may have more than one.
  const row = page.getByRole('row').filter({ hasText: '1 gone' }).first()
  await expect(row.locator('.c-state')).toHaveText('Gone at anyRTC')
  await row.getByRole('link').first().click()
  const files = page.getByRole('region', { name: /^Files/ })
  await expect(files.getByText('Gone at anyRTC')).toHaveCount(1)
  await expect(files.getByText('Verifying')).toHaveCount(0)
  await page.close()
  await own.stop()
})
