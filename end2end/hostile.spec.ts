// Outside text stays text in the browser: it is not executed, requests nothing from other hosts, and breaks
// no page.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, open, Reelroom, roomPath, signIn, test, WITH_ADMIN } from './reelroom.ts'

const HOSTILE: string[] = JSON.parse(readFileSync(join(import.meta.dirname, 'hostile.json'), 'utf8'))

/** The paths of all pages, as the server's source has them. */
const ROUTES = [
  ...readFileSync(join(import.meta.dirname, '..', 'server', 'src', 'pages.rs'), 'utf8').matchAll(
    /\(\s*"(\/[^"]*)",\s*get\(/g,
  ),
].map(([, path]) => path)

/** What pages read from their address. */
const PARAMETERS =
  'q name next why __err __path id room call find show only before after rows play t again saved of kinds zone api_base allowed_hosts vod_base rule path user_data preset_name from to person what address recording role group claim kind in_app with_role with_right in_group open add disabled title tags notes edit seen confirm request new close release did undo reason typed number reference case trash_days request_days'.split(
    ' ',
  )

/** Elements that a page has only where text became markup. */
const INJECTED =
  '#pwn, meta[http-equiv], base, iframe, script:not([src^="/pkg/"]), [onerror], [onfocus], [onload], [src="x"], [href^="javascript:"], [href^="//"], [action^="//"], [action^="javascript:"]'

/** What every page has. */
const CONTENT = 'main, body > #jump-list'

/** An account whose name is hostile, too. */
const HOSTILE_ADMIN = { name: '"><img src=x onerror=alert(1)><b id=pwn>', password: 'board-weekly-7B' }

/** A room id has no control characters and is not blank. */
const isRoom = (text: string) => text.trim() !== '' && !/\p{Cc}/u.test(text)

/** The possible values of a `<textarea>`. */
const asValue = (text: string) => text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd')

/** Lists what hostile text has done to a page: dialogs, requests of other hosts and violations of the content
 *  security policy, which without JavaScript are only in the console. */
async function watch(page: Page, url: string, script: boolean): Promise<string[]> {
  const incidents: string[] = []
  page.on('dialog', (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const asked = new URL(request.url())
    if (asked.protocol !== 'data:' && asked.origin !== url) incidents.push(`request: ${asked}`)
  })
  if (!script) return incidents
  await page.exposeFunction('tell', (what: string) => incidents.push(what))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      ;(window as unknown as { tell(what: string): void }).tell(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    })
  })
  return incidents
}

/** A visit of a page with one of the texts in each parameter; over all `shift`s, each text is in each of them. */
function visit(route: string, shift: number): string {
  const text = (n: number) => HOSTILE[(n + shift) % HOSTILE.length]
  const query = new URLSearchParams([['encoding', 'json'], ['failed', 'add_room'], ...PARAMETERS.map((name, n) => [name, text(n)])])
  return `${route.replace(/\{\w+\}/g, encodeURIComponent(text(0)))}?${query}`
}

/** The paths whose page, as the server sends it, has an injected element, or no content. The page is parsed as a
 *  browser without scripts does it. */
function tampered(page: Page, paths: string[]): Promise<string[]> {
  return page.evaluate(async ({ paths, injected, content }) => {
    const found: string[] = []
    const next = paths.values()
    const read = async () => {
      for (const path of next) {
        const answer = await fetch(path)
        const sent = new DOMParser().parseFromString(await answer.text(), 'text/html')
        if (sent.querySelector(injected) || !sent.querySelector(content)) found.push(path)
      }
    }
    await Promise.all([read(), read(), read(), read()])
    return found
  }, { paths, injected: INJECTED, content: CONTENT })
}

test('no page runs what it shows', async ({ page, javaScriptEnabled, troubles }) => {
  test.setTimeout(240_000)
  page.setDefaultTimeout(30_000)
  const script = javaScriptEnabled !== false
  const reelroom = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
  const { url } = reelroom
  const incidents = await watch(page, url, script)
  const post = async (path: string, form: Record<string, string>) =>
    (await page.request.post(`${url}/fn/${path}`, { form, headers: { accept: 'application/json' } })).status()
  const call = async (what: string, body: unknown) =>
    fetch(`${url}/AR/V1/${what}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
  /** The page as sent by the server, and after its scripts have run. */
  const check = async (path: string) => {
    await open(page, url + path, script)
    await settled(path)
  }
  const settled = async (where: string) => {
    await expect(page.locator(CONTENT).first()).toBeAttached()
    expect(await page.locator(INJECTED).count(), where).toBe(0)
    expect(new URL(page.url()).origin, where).toBe(url)
    expect(incidents, where).toEqual([])
  }

  reelroom.addUser(HOSTILE_ADMIN.name, HOSTILE_ADMIN.password, 'admin')
  await signIn(page, url, HOSTILE_ADMIN)
  await reelroom.faults({ start: 'refuse' })
  for (const [index, text] of HOSTILE.entries()) {
    await test.step(JSON.stringify(text), async () => {
      const room = isRoom(text) ? text : `hall-${index}`
      await post('save_app', {
        id: '', name: text, app_id: `hostile${index}`, api_base: 'http://127.0.0.1:9', method: 'get', encoding: 'json',
        reply_form: 'string', zone: 'UTC', allowed_hosts: '', kinds: isRoom(text) ? text : '',
      })
      await post('save_preset', { room, preset_name: text, rule: text, path: text, user_data: text, kind: text })
      await post('label_room', { room, title: text, starred: 'yes' })
      await post('add_person', { name: `hostile${index}`, person: text, role: 'viewer' })
      await post('add_group', { name: text, claim: text })
      const time = String(Math.round(Date.now() / 1000))
      await call('status', [{ type: '2', userId: text, groupId: room, option: 'Online', time, userData: text }])
      const file = { groupId: room, fileName: text, userId: text, userData: text, downloadUrl: `http://192.0.2.1/${text}`, [text]: text }
      await call('av', file)
      await call('av', { ...file, groupId: text, downloadUrl: text, startTime: text })
      await call('av', text)
      await post('start_recording', { room, rule: 'ar_{roomid}_{random}', user_data: text, kind: 'Meet' })

      await check(roomPath(room))
      await expect(page).toHaveTitle(`${isRoom(text.trim()) && [...text.trim()].length <= 80 ? text.trim() : room} · Reelroom`)
      await expect(page.locator('#user_data')).toHaveValue(asValue(text))
      if (script && isRoom(text)) {
        await page.keyboard.press('Control+k')
        const found = page.waitForResponse((answer) => /\/jump\?.*q=./.test(answer.url()))
        await page.locator('#jump input').fill(text)
        await found
        await settled('the jump dialog')
      }
    })
  }
  await check('/recordings?state=failed')
  const starts = await page.locator('.recs .nm a').evaluateAll((all: HTMLAnchorElement[]) => all.map((a) => a.pathname))
  expect(starts.length).toBeGreaterThan(HOSTILE.length / 2)
  for (const [index, path] of starts.entries()) {
    const cut = (text: string, most: number) => [...text.replace(/\p{Cc}/gu, ' ')].slice(0, most).join('')
    const [title, tags] = [cut(HOSTILE[index], 80), cut(HOSTILE.at(-1 - index)!, 40).replace(/[,，]/g, ' ')]
    const form = { id: path.split('/').pop()!, title, tags, notes: cut(HOSTILE.join(' '), 10_000) }
    expect(await post('describe_recording', form)).toBe(200)
    const reason = cut(HOSTILE[index], 400) || 'x'
    await post('hold_recording', { id: form.id, reason })
    await post('release_recording', { id: form.id, case: '', reason })
    const name = cut(HOSTILE[index], 30).trim() || 'x'
    await post('open_case', { number: name, name, reason, reference: name, ids: form.id })
  }

  await check('/cases')
  expect(await page.locator('.cl .it').count()).toBeGreaterThan(HOSTILE.length / 2)
  await page.locator('.cl .it').first().evaluate((a: HTMLAnchorElement) => a.click())
  await expect(page.locator('#detail h1')).toBeAttached()
  await settled('a case')
  await test.step('the list of apps', async () => {
    await check('/settings/apps')
    expect(await page.locator('.app-card').count()).toBeGreaterThan(20)
  })
  for (const path of ['/', '/recordings?state=failed', '/recordings?view=grid', '/callbacks?show=all', '/settings/people', '/settings/people?show=groups', starts[0], `${starts[0]}?edit=1`]) {
    await test.step(path, () => check(path))
  }
  expect(ROUTES.length).toBeGreaterThan(10)
  // Other texts in the parameters of each page.
  for (const [index, route] of ROUTES.entries()) await test.step(route, () => check(visit(route, index)))
  if (!script) {
    await page.route('**/planted', (route) => route.fulfill({ contentType: 'text/html', body: '<main><p title=""><b id=pwn></main>' }))
    const visits = ROUTES.flatMap((route) => HOSTILE.map((_, shift) => visit(route, shift)))
    expect(await tampered(page, [...visits, ...starts.map((path) => `${path}?edit=1`), '/planted'])).toEqual(['/planted'])
    expect(incidents).toEqual([])
  }

  // With scripts, following a link is a Turbo visit, which assembles the next page in the browser.
  const lists: [path: string, links: string, step: number][] = [
    // Each text comes with several calls.
    ['/callbacks?show=all', '[aria-label="Callbacks"] a', 2],
    ['/recordings?state=failed', '.recs .nm a', 1],
    ['/?show=all', '.row-box a.row', 1],
  ]
  for (const [list, links, step] of script ? lists : []) {
    await test.step(list, async () => {
      await open(page, url + list, script)
      const targets = page.locator(links)
      expect(await targets.count()).toBeGreaterThan(10)
      for (let index = 0; index < (await targets.count()); index += step) {
        const target = targets.nth(index)
        await expect(target).toBeAttached()
        // Click in one step, because a new row moves the others; by script, because a name may have no width.
        const address = await target.evaluate((a: HTMLAnchorElement) => (a.click(), a.href))
        await page.waitForURL(address)
        await settled(address)
        // The other lists stay visible next to the open item.
        if (list.startsWith('/recordings')) {
          await page.goBack()
          await expect(targets.first()).toBeAttached()
        }
      }
    })
  }
  // Pages of what does not exist, and files that cannot be played.
  troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !trouble.includes('Failed to load resource')))
  await reelroom.stop()
})

test('what would run is blocked and counted', async ({ page, reelroom, javaScriptEnabled, troubles }) => {
  test.skip(javaScriptEnabled === false, 'nothing runs')
  const incidents = await watch(page, reelroom.url, true)
  await signIn(page)
  await open(page, '/')
  expect(await page.locator(INJECTED).count()).toBe(0)
  expect(incidents).toEqual([])
  // Counted at once: a live update removes them.
  const injected = await page.evaluate((selector) => {
    document.body.insertAdjacentHTML('beforeend', '<b id=pwn></b><img src=x onerror=alert(1)><iframe src=//evil.example></iframe>')
    const run = (change: (script: HTMLScriptElement) => void) => {
      const script = document.createElement('script')
      change(script)
      document.body.append(script)
    }
    run((script) => (script.text = 'alert(2)'))
    // The nonce that scripts can read is for styles only.
    run((script) => {
      script.nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')!.content
      script.text = 'alert(3)'
    })
    // Not even a file of ours.
    run((script) => (script.src = document.querySelector<HTMLScriptElement>('head script')!.src))
    return document.querySelectorAll(selector).length
  }, INJECTED)
  const blocked = () => incidents.filter((incident) => incident.startsWith('policy: ')).length
  await expect.poll(blocked).toBeGreaterThanOrEqual(5)
  expect(incidents.filter((incident) => incident.startsWith('dialog: '))).toEqual([])
  expect(injected).toBeGreaterThanOrEqual(5)
  expect(troubles.length).toBeGreaterThan(0)
  troubles.length = 0
})
