// Outside text stays text in the browser: it is not executed, requests nothing from other hosts, and breaks
// no page.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ADMIN, expect, open, Reelroom, roomPath, signIn, test, WITH_ADMIN } from './reelroom.ts'

const HOSTILE: string[] = JSON.parse(readFileSync(join(import.meta.dirname, 'hostile.json'), 'utf8'))

/** The paths of all pages, as the server's source has them. */
const ROUTES = [
  ...readFileSync(join(import.meta.dirname, '..', 'server', 'src', 'pages.rs'), 'utf8').matchAll(
    /\(\s*"(\/[^"]*)",\s*get\(/g,
  ),
].map(([, path]) => path)

/** What pages read from their address. */
const PARAMETERS = (
  'q name next why __err __path id room call find show only before after rows play t again saved of kinds zone api_base allowed_hosts vod_base rule path user_data preset_name from to person what address recording role group claim kind in_app with_role with_right in_group open add disabled title tags notes edit seen confirm request new close release did undo reason typed number reference case trash_days request_days ' +
  'step sso ended key tag prefix by sort view save shared tab into all first rooms days gigabytes when state_ready composite month idle_hours at_most_days link_hours password_length history_days break_glass call_bodies status_events lookup_finds hour'
).split(' ')

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

/** The first `most` characters of a text, without control characters. */
const cut = (text: string, most: number) => [...text.replace(/\p{Cc}/gu, ' ')].slice(0, most).join('')

/** As `cut`, for a field that must not be blank. */
const named = (text: string, most: number) => cut(text, most).trim() || 'x'

/** The id of the recording at this path. */
const idIn = (path: string) => path.split('/').pop()!

const titleOf = (index: number) => cut(HOSTILE[index], 80)
const tagsOf = (index: number) => cut(HOSTILE.at(-1 - index)!, 40).replace(/[,，]/g, ' ')

/** Starts a Reelroom for one test, and signs in there as an administrator with a hostile name. */
async function begin(page: Page, script: boolean) {
  test.setTimeout(300_000)
  page.setDefaultTimeout(30_000)
  const reelroom = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
  const { url } = reelroom
  const incidents = await watch(page, url, script)
  reelroom.addUser(HOSTILE_ADMIN.name, HOSTILE_ADMIN.password, 'admin')
  await signIn(page, url, HOSTILE_ADMIN)
  await reelroom.faults({ start: 'refuse' })
  const send = (path: string, form: Record<string, string>) =>
    page.request.post(`${url}/fn/${path}`, { form, headers: { accept: 'application/json' } })
  const post = async (path: string, form: Record<string, string>) => (await send(path, form)).status()
  const settled = async (where: string) => {
    await expect(page.locator(CONTENT).first()).toBeAttached()
    expect(await page.locator(INJECTED).count(), where).toBe(0)
    expect(new URL(page.url()).origin, where).toBe(url)
    expect(incidents, where).toEqual([])
  }
  /** The page as sent by the server, and after its scripts have run. */
  const check = (path: string) =>
    test.step(path, async () => {
      await open(page, url + path, script)
      await settled(path)
    })
  /** The paths, with their queries, of the links that the open page has there. */
  const links = (selector: string) =>
    page.locator(selector).evaluateAll((all: HTMLAnchorElement[]) => [...new Set(all.map((a) => a.pathname + a.search))])
  /** The paths of the recordings that the open page lists. */
  const recordings = async () => [...new Set((await links('.recs .nm a')).map((path) => path.split('?')[0]))]
  return { reelroom, url, incidents, send, post, settled, check, links, recordings }
}

/** Drops the console messages of pages for missing or deleted items, and of files that cannot be played. */
function forget(troubles: string[]) {
  troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !trouble.includes('Failed to load resource')))
}

test('no page runs what it shows', async ({ page, javaScriptEnabled, troubles }) => {
  const script = javaScriptEnabled !== false
  const { reelroom, url, incidents, post, settled, check, recordings } = await begin(page, script)
  const call = async (what: string, body: unknown) =>
    fetch(`${url}/AR/V1/${what}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })

  for (const [index, text] of HOSTILE.entries()) {
    await test.step(JSON.stringify(text), async () => {
      const room = isRoom(text) ? text : `hall-${index}`
      await post('save_app', {
        id: '', name: text, app_id: `hostile${index}`, api_base: 'http://127.0.0.1:9', method: 'get', encoding: 'json',
        reply_form: 'string', zone: 'UTC', allowed_hosts: '', kinds: isRoom(text) ? text : '',
      })
      await post('save_preset', { room, preset_name: text, rule: text, path: text, user_data: text, kind: text })
      await post('label_room', { room, title: text, starred: 'yes' })
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
  const starts = await recordings()
  expect(starts.length).toBeGreaterThan(HOSTILE.length / 2)
  for (const [index, path] of starts.entries()) {
    const notes = cut(HOSTILE.join(' '), 10_000)
    const form = { id: idIn(path), title: titleOf(index), tags: tagsOf(index), notes }
    expect(await post('describe_recording', form)).toBe(200)
  }

  await test.step('the list of apps', async () => {
    await check('/settings/apps')
    expect(await page.locator('.app-card').count()).toBeGreaterThan(20)
  })
  const edit = starts.map((path) => `${path}?edit=1`)
  for (const path of ['/', '/recordings?state=failed', '/recordings?view=grid', '/callbacks?show=all', starts[0], edit[0]]) await check(path)
  for (const key of ['room', 'tag', 'archive', 'length', 'more']) await check(`/recordings/narrow?key=${key}&state=failed`)
  expect(ROUTES.length).toBeGreaterThan(10)
  // Other texts in the parameters of each page.
  for (const [index, route] of ROUTES.entries()) await check(visit(route, index))
  if (!script) {
    await page.route('**/planted', (route) => route.fulfill({ contentType: 'text/html', body: '<main><p title=""><b id=pwn></main>' }))
    const visits = ROUTES.flatMap((route) => HOSTILE.map((_, shift) => visit(route, shift)))
    expect(await tampered(page, [...visits, ...edit, '/planted'])).toEqual(['/planted'])
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
  forget(troubles)
  await reelroom.stop()
})

test('no page of people, settings, cases, the trash and certificates runs what it shows', async ({ page, javaScriptEnabled, troubles }) => {
  const script = javaScriptEnabled !== false
  const { reelroom, url, incidents, send, post, check, links, recordings } = await begin(page, script)
  /** Checks every third page that a list links to, other ones in each list; without scripts also the markup of all. */
  const checkAll = async (list: string, paths: string[], shift: number) => {
    expect(paths.length, list).toBeGreaterThan(HOSTILE.length / 2)
    for (const path of paths.filter((_, index) => index % 3 === shift)) await check(path)
    if (!script) expect(await tampered(page, paths), list).toEqual([])
  }
  // A second administrator counts only after a sign-in.
  const other = await fetch(`${url}/fn/sign_in`, { method: 'POST', body: new URLSearchParams({ ...ADMIN, next: '' }), headers: { accept: 'application/json' } })
  expect(other.ok).toBe(true)
  const app: string = await (
    await send('save_app', {
      id: '', name: named(HOSTILE[5], 40), app_id: 'hostile', api_base: 'http://127.0.0.1:9', method: 'get', encoding: 'json',
      reply_form: 'string', zone: 'UTC', allowed_hosts: '', kinds: 'Meet',
    })
  ).json()
  const once: string[] = []
  for (const [index, text] of HOSTILE.entries()) {
    const room = `kept-${index}`
    await post('add_room', { room })
    await post('start_recording', { room, rule: 'ar_{roomid}_{random}', user_data: text, kind: 'Meet' })
    const grant: Record<string, string> = isRoom(text) ? { kind: 'prefix', in_app: app, room: text } : { kind: 'everything' }
    const name = isRoom(text) && [...text].length <= 64 ? text : `hostile${index}`
    const added = await send('add_person', { name, person: text, role: 'viewer', ...grant })
    const link = /\/once\/\w+/.exec(await added.text())
    if (added.ok() && link) once.push(link[0])
    await post('add_group', { name: text, claim: index % 2 ? text : '' })
    await post('save_view', { name: named(text, 80), shared: 'all', tab: 'yes' })
    await post('save_rule', { name: named(text, 60), in_app: app, rooms: isRoom(text) ? text : '', tags: '', state_ready: 'yes', composite: 'yes', when: 'age', days: '36500' })
  }
  // Before any wrong link: after several, no link opens for a while.
  await checkAll('one-time links', once, 0)

  await check('/recordings?state=failed')
  const starts = await recordings()
  expect(starts.length).toBe(HOSTILE.length)
  const cases: string[] = []
  for (const [index, path] of starts.entries()) {
    const [id, text] = [idIn(path), HOSTILE[index]]
    const [name, reason] = [named(text, 30), named(text, 400)]
    const form = { id, title: titleOf(index), tags: tagsOf(index), notes: cut(text, 400) }
    expect(await post('describe_recording', form)).toBe(200)
    expect(await post('hold_recording', { id, reason })).toBe(200)
    const opened = await send('open_case', { number: `${index} ${named(text, 20)}`, name, reason, reference: name, ids: id })
    if (!opened.ok()) continue
    cases.push(await opened.json())
    await post('let_look', { id: cases.at(-1)!, name: text })
  }
  for (const path of ['/recordings?state=failed', '/recordings?held=yes', '/recordings?state=failed&view=grid', '/recordings?state=failed&save=yes', '/recordings/views']) {
    await check(path)
  }
  await checkAll('recordings on hold', starts, 1)

  await check('/cases')
  const cited = await links('.cl .it')
  expect(cited.length).toBe(cases.length)
  await checkAll('cases', cited, 2)
  for (const more of ['close=yes', 'edit=yes', `release=${idIn(starts.at(-1)!)}`]) await check(`${cited[0]}&${more}`)
  await check('/cases?new=yes')

  await check('/settings/people')
  const people = await links('.ppl a.ent')
  await check('/settings/people?show=groups')
  const groups = await links('.grp a.ent')
  await check('/settings/people?add=yes')
  await checkAll('people', people, 0)
  await checkAll('groups', groups, 1)

  expect(await post('switch_retention', { on: '', reason: named(HOSTILE[5], 400) })).toBe(200)
  await check('/settings/retention')
  // There are at most 20 rules.
  await checkAll('rules', await links('.rules .c-what a'), 2)
  for (const path of ['storage', 'sign-in', 'deleting', 'me', 'history', 'apps']) await check(`/settings/${path}`)

  for (const id of cases) expect(await post('close_case', { id, reason: named(HOSTILE[0], 400) })).toBe(200)
  for (const [index, path] of starts.entries()) {
    const id = idIn(path)
    expect(await post('release_recording', { id, case: '', reason: named(HOSTILE[index], 400) })).toBe(200)
    expect(await post('trash_recording', { id })).toBe(200)
  }
  await check('/trash')
  const binned = page.locator('.bin tbody tr')
  expect(await binned.count()).toBe(starts.length)
  await check(`/trash?confirm=yes&${starts.map((path) => `id=${idIn(path)}`).join('&')}`)
  await checkAll('deleted recordings', starts, 0)
  await check('/cases?show=closed')

  const [first, ...others] = starts
  for (const [index, path] of others.entries()) {
    const form = { ids: idIn(path), typed: 'delete 1', reason: named(HOSTILE[index + 1], 400) }
    expect(await post('delete_now', form)).toBe(200)
  }
  // A request waits for a second administrator, with its reason.
  expect(await post('set_keep_settings', { trash_days: '30', request_days: '7', second_for_delete_now: 'yes' })).toBe(200)
  expect(await post('delete_now', { ids: idIn(first), typed: 'delete 1', reason: named(HOSTILE[5], 400) })).toBe(200)
  await check('/trash')
  await expect(page.getByRole('region', { name: 'Waiting for a second administrator' })).toBeVisible()

  await expect(async () => {
    await open(page, `${url}/certificates`, script)
    expect(await page.locator('.certs tbody tr').count()).toBe(others.length)
  }).toPass({ timeout: 60_000 })
  await check('/certificates')
  await checkAll('certificates', await links('.certs a.mono'), 1)
  await checkAll('recordings that are gone', others, 2)
  await check('/settings/history')
  expect(incidents).toEqual([])
  forget(troubles)
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
