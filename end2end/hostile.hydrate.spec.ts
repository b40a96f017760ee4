// Outside text stays text in the browser: it is not executed, requests nothing from other hosts, and breaks
// no page.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ADMIN, expect, open, Reelroom, roomPath, test, WITH_ADMIN } from './reelroom.ts'

const HOSTILE: string[] = JSON.parse(readFileSync(join(import.meta.dirname, 'hostile.json'), 'utf8'))

/** A room id has no control characters and is not blank. */
const isRoom = (text: string) => text.trim() !== '' && !/\p{Cc}/u.test(text)

/** The possible values of a `<textarea>`. */
const asValue = (text: string) => text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd')

test('no page runs what it shows', async ({ page }) => {
  test.setTimeout(300_000)
  page.setDefaultTimeout(10_000)
  const reelroom = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
  const { url } = reelroom
  const incidents: string[] = []
  page.on('dialog', (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const asked = new URL(request.url())
    if (asked.protocol !== 'data:' && asked.origin !== url) incidents.push(`request: ${asked}`)
  })
  await page.exposeFunction('tell', (what: string) => incidents.push(what))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      ;(window as unknown as { tell(what: string): void }).tell(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    })
  })
  const post = async (path: string, form: Record<string, string>) =>
    (await page.request.post(`${url}/fn/${path}`, { form, headers: { accept: 'application/json' } })).status()
  const call = async (what: string, body: unknown) =>
    fetch(`${url}/AR/V1/${what}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
  /** The page as sent by the server, and after its scripts have run. */
  const check = async (path: string) => {
    await open(page, url + path)
    await settled(path)
  }
  const settled = async (where: string) => {
    await expect(page.locator('main').first()).toBeVisible()
    expect(await page.locator('#pwn').count(), where).toBe(0)
    expect(new URL(page.url()).origin, where).toBe(url)
    expect(incidents, where).toEqual([])
  }

  await post('sign_in', { name: ADMIN.name, password: ADMIN.password, next: '' })
  await reelroom.faults({ start: 'refuse' })
  for (const [index, text] of HOSTILE.entries()) {
    await test.step(JSON.stringify(text), async () => {
      const room = isRoom(text) ? text : `hall-${index}`
      const encoded = encodeURIComponent(text)
      await post('save_preset', { room, preset_name: text, rule: text, path: text, user_data: text, kind: text })
      await post('label_room', { room, title: text, starred: 'yes' })
      await call('status', [{ type: '2', userId: text, groupId: room, option: 'Online', time: '1', userData: text }])
      const file = { groupId: room, fileName: text, userId: text, userData: text, downloadUrl: `http://192.0.2.1/${text}`, [text]: text }
      await call('av', file)
      await call('av', { ...file, groupId: text, downloadUrl: text, startTime: text })
      await call('av', text)
      await post('start_recording', { room, rule: 'ar_{roomid}_{random}', user_data: text, kind: 'Meet' })

      await check(roomPath(room))
      await expect(page).toHaveTitle(`${isRoom(text.trim()) && [...text.trim()].length <= 80 ? text.trim() : room} · Reelroom`)
      await expect(page.locator('#user_data')).toHaveValue(asValue(text))
      await check(`/recordings?room=${encodeURIComponent(room)}&q=${encoded}`)
      await check(`/callbacks?q=${encoded}`)
      await check(`/?q=${encoded}`)
      await check(`/settings/apps?encoding=json&name=${encoded}&kinds=${encoded}`)
      await expect(page.locator('textarea[name=kinds]').last()).toHaveValue(asValue(text))
      await check(`/login?next=${encoded}&name=${encoded}&__err=${encoded}`)
    })
  }

  // Following a link is a Turbo visit, which assembles the next page in the browser.
  for (const [list, links] of [
    ['/callbacks?show=all', '[aria-label="Callbacks"] a'],
    ['/recordings?tries=yes', 'main td a'],
    ['/?show=all', '.row-box a.row'],
  ]) {
    await test.step(list, async () => {
      await open(page, url + list)
      const targets = page.locator(links)
      expect(await targets.count()).toBeGreaterThan(10)
      for (let index = 0; index < (await targets.count()); index++) {
        const target = targets.nth(index)
        await expect(target).toBeAttached()
        // Click in one step, because a new row moves the others; by script, because a name may have no width.
        const address = await target.evaluate((a: HTMLAnchorElement) => (a.click(), a.href))
        await page.waitForURL(address)
        await settled(address)
        // The other lists stay visible next to the open item.
        if (list === '/recordings') await page.goBack()
      }
    })
  }
  await reelroom.stop()
})
