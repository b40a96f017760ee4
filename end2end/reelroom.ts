// Starts the product for each worker, and opens signed-in pages.

import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'

const BINARY = process.env.REELROOM_BINARY ?? join(import.meta.dirname, '..', 'target', 'release', 'reelroom')

export const ADMIN = { name: 'u1001', password: 'board-weekly-7B' }

export const WITH_ADMIN = { REELROOM_ADMIN_USER: ADMIN.name, REELROOM_ADMIN_PASSWORD: ADMIN.password }

/** One running binary with its own data and its own emulated platform. */
export class Reelroom {
  private constructor(
    readonly url: string,
    readonly sandbox: string,
    readonly setUpCode: string | undefined,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly environment: Record<string, string>,
    readonly log: string[],
  ) {}

  static async start(
    environment: Record<string, string> = {},
    folder = mkdtempSync(join(tmpdir(), 'reelroom-')),
    listen = ['127.0.0.1:0', '127.0.0.1:0'],
  ): Promise<Reelroom> {
    const child = spawn(
      BINARY,
      ['--listen', listen[0], '--sandbox', '--sandbox-listen', listen[1], '--data-dir', folder],
      { env: { PATH: process.env.PATH ?? '', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const log: string[] = []
    createInterface({ input: child.stderr! }).on('line', (line) => log.push(line))
    const said: Record<string, string> = {}
    const lines = createInterface({ input: child.stdout! })
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`did not start:\n${log.join('\n')}`)), 20_000)
      child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${log.join('\n')}`)))
      lines.on('line', (line) => {
        const [, key, value] = /^(\S+(?: in)?)\s+(.*)$/.exec(line) ?? []
        if (key) said[key] = value
        if (said['Sandbox'] && (said['Set-up'] || said['Sign in'])) {
          clearTimeout(limit)
          resolve()
        }
      })
    })
    child.removeAllListeners('exit')
    const address = (key: string) => /http:\/\/\S+/.exec(said[key])![0]
    const code = said['Set-up']?.split(' ').pop()
    return new Reelroom(address('Reelroom'), address('Sandbox'), code, child, folder, environment, log)
  }

  /** Starts one whose default app is a demo with so many recordings. */
  static async startWithDemo(recordings: number): Promise<Reelroom> {
    const folder = mkdtempSync(join(tmpdir(), 'reelroom-'))
    execFileSync(BINARY, ['demo', '--recordings', String(recordings), '--data-dir', folder], { env: { PATH: process.env.PATH ?? '' }, stdio: 'ignore' })
    return Reelroom.start(WITH_ADMIN, folder)
  }

  /** Kills the process, as a crash does. */
  async kill() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGKILL')
    await ended
  }

  /** Starts it again after its end, with the same addresses and data. */
  again(): Promise<Reelroom> {
    return Reelroom.start(this.environment, this.folder, [new URL(this.url).host, new URL(this.sandbox).host])
  }

  /** Creates an account with the command line tool. */
  addUser(name: string, password: string, role: string) {
    execFileSync(BINARY, ['user', 'add', name, '--role', role, '--password-stdin', '--data-dir', this.folder], {
      env: { PATH: process.env.PATH ?? '' },
      input: password,
      stdio: ['pipe', 'ignore', 'inherit'],
    })
  }

  /** Finds files of this name that the sandbox has created. */
  made(name: string): string[] {
    const media = join(this.folder, 'sandbox')
    return readdirSync(media, { recursive: true, encoding: 'utf8' })
      .filter((path) => basename(path) === name)
      .map((path) => join(media, path))
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGTERM')
    await ended
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Configures the faults of the sandbox; without an argument, none. */
  async faults(faults: { start?: unknown; stop?: unknown; callbacks?: unknown; video_list?: unknown } = {}) {
    const all = { start: 'ok', stop: 'ok', callbacks: 'ok', video_list: 'ok', ...faults }
    await this.tell('/sandbox/faults', all)
  }

  async tell(path: string, body?: unknown) {
    const answer = await fetch(this.sandbox + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    expect(answer.ok, `${path}: ${answer.status}`).toBe(true)
  }
}

/** Signs a page in by its form. */
export async function signInByForm(page: Page, url = '', { name, password } = ADMIN) {
  await page.goto(`${url}/login`)
  await page.getByLabel('User id').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => url.pathname === '/')
}

/** Signs a page in with what the form sends; no page is loaded. */
export async function signIn(page: Page, url = '', { name, password } = ADMIN) {
  const form = { name, password, next: '' }
  const answer = await page.request.post(`${url}/fn/sign_in`, { form, headers: { accept: 'application/json' } })
  expect(answer.ok(), await answer.text()).toBe(true)
  // The first page sends the time zone with a script, and refreshes then, under what a test does.
  const zone = await page.evaluate(() => matchMedia('(scripting: enabled)').matches && Intl.DateTimeFormat().resolvedOptions().timeZone)
  const context = page.context()
  const { origin } = new URL(answer.url())
  const known = (await context.cookies(origin)).some(({ name }) => name === 'tz')
  if (zone && !known) await context.addCookies([{ name: 'tz', value: encodeURIComponent(zone), url: origin }])
}

/** The code that an authenticator app with this key (base 32) shows, this many steps of 30 seconds from now. */
export function totp(key: string, later = 0): string {
  const digits = [...key.replaceAll(' ', '')].map((digit) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit))
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('')
  const bytes = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later))
  const mac = createHmac('sha1', bytes).update(step).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** What a running timer shows, in seconds. */
export async function seconds(timer: Locator): Promise<number> {
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)$/.exec(await timer.innerText())!.map(Number)
  return (hours * 60 + minutes) * 60 + seconds
}

/** Waits until the page's scripts run; returns at once for pages without scripts. */
export async function hydrated(page: Page, javaScript = true) {
  if (!javaScript) return
  await page.waitForSelector('html[data-ready], html:not([data-events])')
  await page.waitForFunction(() => !document.querySelector('rust-island:not([data-alive])'))
  // While a visit goes on.
  await page.waitForSelector('html:not([aria-busy])')
}

/** Leaves the live updates of a page without an answer: where the session has ended, one leads to the sign-in. */
export const stopUpdates = (page: Page) =>
  page.route('**', (route) => ('shown-app' in route.request().headers() ? undefined : route.fallback()))

/** Opens a page and waits until it is ready. A room that nobody has reported is added first. */
export async function open(page: Page, path: string, javaScript = true) {
  await page.goto(path)
  const add = page.locator('#detail form[action="/fn/add_room"]')
  if (await add.count()) {
    const form = await add.evaluate((form: HTMLFormElement) => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])))
    const url = new URL('/fn/add_room', page.url()).href
    // anyRTC may report it at the same moment.
    await page.request.post(url, { form, headers: { accept: 'application/json' } })
    await page.goto(path)
  }
  await hydrated(page, javaScript)
}

/** What axe finds on the page; with `rules`, by these alone. */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  // Without transitions, so that final colours are measured.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  // No page has frames of another origin, for which axe would open a page more each time.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)
}

/** Expects that axe finds nothing on the page, in either theme. */
export async function expectAccessible(page: Page, what: string) {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await background()
  expect.soft(await violations(page), what).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await background(), what).not.toBe(light)
  // A theme changes nothing but colours.
  expect.soft(await violations(page, ['color-contrast', 'link-in-text-block']), `${what}, dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

/** The address of a room, whatever its id. */
export const roomPath = (room: string) =>
  ['.', '..'].includes(room) ? `/rooms/?id=${room}` : `/rooms/${encodeURIComponent(room)}`

/** Gives the form of a room a type that its app does not list, as an older preset may have. */
export async function typeOf(page: Page, room: string, kind: string, javaScript = true) {
  const form = { room, kind, with: 'last', rule: 'typed_{date}_{random}' }
  await page.request.post('/fn/fill_in', { form, headers: { accept: 'application/json' } })
  await open(page, roomPath(room), javaScript)
}

type PerTest = { troubles: string[]; member: Page; own: Reelroom }
type PerWorker = { reelroom: Reelroom; storage: string }

export const test = base.extend<PerTest, PerWorker>({
  reelroom: [
    async ({}, use) => {
      const reelroom = await Reelroom.start(WITH_ADMIN)
      await use(reelroom)
      await reelroom.stop()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ reelroom }, use) => use(reelroom.url),
  // Fails a test on console errors and warnings, such as hydration mismatches. Rejected calls and streams
  // that end with their server are excluded, because tests provoke them.
  troubles: [
    async ({ page, javaScriptEnabled, reelroom }, use) => {
      const troubles: string[] = []
      page.on('console', (message) => {
        const provoked =
          /\/(fn\/\w+|events(\?.*)?|nowhere)$/.test(message.location().url) ||
          // A page that refreshes while what it shows is in the trash.
          /\(Gone\)/.test(message.text()) ||
          // A page that refreshes while its server stops.
          /net::ERR_(CONNECTION|EMPTY_RESPONSE|SOCKET)/.test(message.text())
        // Without JavaScript, the preloaded modules stay unused.
        const unused = javaScriptEnabled === false && message.text().includes('was preloaded')
        if (['error', 'warning'].includes(message.type()) && !provoked && !unused) {
          troubles.push(`${page.url()}: ${message.text()} (${message.location().url})`)
        }
      })
      page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error}`))
      await use(troubles)
      expect(troubles, `the server's log:\n${reelroom.log.slice(-40).join('\n')}`).toEqual([])
    },
    { auto: true },
  ],
  // A page that is signed in.
  member: async ({ page }, use) => {
    await signIn(page)
    await use(page)
  },
  // A Reelroom for one test alone, in which the page is signed in.
  own: async ({ page }, use) => {
    const own = await Reelroom.start(WITH_ADMIN)
    await signIn(page, own.url)
    await use(own)
    // First, so that no request of it is cut off by the end of the server.
    await page.close()
    await own.stop()
  },
})

export { expect }
