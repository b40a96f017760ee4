// Measures the built binary, each figure beside a baseline of the same run. Medians; on a shared
// machine the ratios say more than the numbers.

import { chromium } from '@playwright/test'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const binary = join(root, 'target/release/reelroom')
const rounds = 11

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const round = (value, digits = 0) => Number(value.toFixed(digits))

const rows = []
function row(what, figure, aim, beside) {
  rows.push({ what, figure, aim, beside })
}

// Ends all programs when a run fails.
const running = new Set()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** Starts a program and waits for the first 200 at `url`. Returns the milliseconds and a function that ends it. */
async function start(program, args, environment, url) {
  const begin = performance.now()
  const child = spawn(program, args, { env: { PATH: process.env.PATH, ...environment }, stdio: 'ignore' })
  running.add(child)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  ended.then(() => running.delete(child))
  for (;;) {
    const answers = await fetch(url).then(({ status }) => status === 200, () => false)
    // After its end another program may have answered at its port.
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`)
    if (answers) break
    if (performance.now() - begin > 20_000) throw new Error(`${program} did not answer at ${url}`)
    await pause(1)
  }
  const took = performance.now() - begin
  const end = () => { child.kill('SIGTERM'); return ended }
  return { took, child, end }
}

function memory(pid) {
  const kib = (id) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0)
  const children = readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' '))
    .filter(Boolean)
  return [pid, ...children].reduce((sum, id) => sum + kib(id), 0) / 1024
}

function reelroom(folder, port, more = {}) {
  const args = ['--listen', `127.0.0.1:${port}`, '--data-dir', folder]
  const account = { REELROOM_ADMIN_USER: 'bench', REELROOM_ADMIN_PASSWORD: 'bench-password' }
  return start(binary, args, { ...account, ...more }, `http://127.0.0.1:${port}/healthz`)
}

function nginx(folder, port) {
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `pid ${folder}/nginx.pid; error_log /dev/null; worker_processes 2; daemon off; events {}
     http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder};
       fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
       server { listen 127.0.0.1:${port}; location / { return 200 "ok"; } } }`,
  )
  return start('nginx', ['-c', config, '-p', folder], {}, `http://127.0.0.1:${port}/`)
}

async function coldStart(work) {
  const ours = []
  const theirs = []
  // The first start makes the database; it is not a cold start of an installed server.
  await (await reelroom(work, 3901)).end()
  const beside = ['/usr/sbin/nginx', '/usr/bin/nginx'].some(existsSync)
  if (beside) process.env.PATH += ':/usr/sbin'
  let idle = 0
  let nginxIdle = 0
  for (let i = 0; i < rounds; i++) {
    const server = await reelroom(work, 3901)
    ours.push(server.took)
    if (i === 0) {
      await pause(3000)
      idle = memory(server.child.pid)
    }
    await server.end()
    if (beside) {
      const other = await nginx(work, 3902)
      theirs.push(other.took)
      if (i === 0) nginxIdle = memory(other.child.pid)
      await other.end()
    }
  }
  const other = beside ? median(theirs) : undefined
  row('start to the first 200', `${round(median(ours))} ms`, '< 150 ms', other
    ? `nginx ${round(other)} ms: ×${round(median(ours) / other, 1)}` : 'nginx is not installed')
  row('idle memory, without the sandbox', `${round(idle, 1)} MiB`, '< 40 MiB', beside
    ? `nginx ${round(nginxIdle, 1)} MiB: ×${round(idle / nginxIdle, 1)}` : 'nginx is not installed')
}

/** The bare workspace template of cargo-leptos 0.3.11 with Leptos 0.8.23: wasm in brotli. */
const TEMPLATE = 98_000

const kb = (bytes) => round(bytes / 1000, 1)

/** Waits until the scripts of a page run and its islands live. */
const ready = (page) =>
  page.waitForFunction(
    () =>
      (document.documentElement.dataset.ready !== undefined || !document.querySelector('script')) &&
      document.readyState === 'complete' &&
      !document.querySelector('rust-island:not([data-alive])'),
  )

/** Opens `path` with nothing cached; bytes over the wire by kind. */
async function loaded(browser, origin, path, cookies) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies(cookies)
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  const paths = new Map()
  const sizes = { page: 0, js: 0, css: 0, svg: 0, wasm: 0 }
  network.on('Network.responseReceived', ({ requestId, response }) => paths.set(requestId, new URL(response.url).pathname))
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const of = paths.get(requestId) ?? ''
    const kind = of === path ? 'page' : of.split('.').pop()
    if (kind in sizes) sizes[kind] += encodedDataLength
  })
  await page.goto(origin + path, { waitUntil: 'commit' })
  await ready(page)
  await context.close()
  return { ...sizes, all: Object.values(sizes).reduce((sum, size) => sum + size) }
}

/** A page on 1.6 Mbit/s with 150 ms, and a processor four times slower; milliseconds until it can be used. */
async function slow(browser, origin, path, cookies) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies(cookies)
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  const bytes = 1.6e6 / 8
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: bytes, uploadThroughput: bytes })
  await network.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const begin = performance.now()
  await page.goto(origin + path, { waitUntil: 'commit' })
  await ready(page)
  const took = performance.now() - begin
  await context.close()
  return took
}

/** What 300 changes of room leave behind: nodes, listeners and wasm memory before and after. */
async function rooms(browser, origin, cookies) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies(cookies)
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Performance.enable')
  for (const room of ['bench-a', 'bench-b']) {
    await context.request.post(`${origin}/fn/add_room`, { form: { room }, headers: { accept: 'application/json' } })
  }
  const to = async (room) => {
    await page.evaluate((path) => Turbo.visit(path), `/rooms/${room}`)
    await page.waitForFunction(
      (room) => document.title.startsWith(room) && document.querySelector('rust-island[data-alive]') && document.querySelector('#start-form [name=room]')?.value === room,
      room,
    )
  }
  const counts = async () => {
    await devtools.send('HeapProfiler.collectGarbage')
    const { metrics } = await devtools.send('Performance.getMetrics')
    const of = (name) => metrics.find((metric) => metric.name === name).value
    return { nodes: of('Nodes'), listeners: of('JSEventListeners'), wasm: await page.evaluate(() => globalThis.wasmBytes?.() ?? 0) }
  }
  await page.goto(`${origin}/rooms/bench-a`)
  await ready(page)
  for (let n = 0; n < 10; n++) await to(n % 2 ? 'bench-a' : 'bench-b')
  const before = await counts()
  for (let n = 0; n < 300; n++) await to(n % 2 ? 'bench-a' : 'bench-b')
  const after = await counts()
  await context.close()
  return [before, after]
}

/** Milliseconds of a morph of the list of rooms in which one row is new, and the number of its rows. */
async function morph(browser, origin, cookies) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies(cookies)
  const page = await context.newPage()
  for (let n = 0; n < 120; n++) {
    await context.request.post(`${origin}/fn/add_room`, { form: { room: `hall-${n}` }, headers: { accept: 'application/json' } })
  }
  await page.goto(`${origin}/?show=all&rows=200`)
  await ready(page)
  const measured = await page.evaluate(async (rounds) => {
    const fresh = await (await fetch(location.href)).text()
    const times = []
    for (let n = 0; n < rounds; n++) {
      const { body } = new DOMParser().parseFromString(fresh, 'text/html')
      const [first] = body.querySelectorAll('.row-box')
      const added = first.cloneNode(true)
      added.querySelectorAll('a').forEach((link) => { link.href += n })
      first.before(added)
      const begin = performance.now()
      Turbo.morphElements(document.body, body)
      times.push(performance.now() - begin)
    }
    return { times, rows: document.querySelectorAll('.row-box').length }
  }, rounds)
  await context.close()
  return { took: median(measured.times), rows: measured.rows }
}

/** A walk through a library: its first two pages, a facet, a search, a recording, and back. Milliseconds of the longest
 *  task over 50 ms; 0 if there is none. */
async function longestTask(browser, origin, cookies) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addCookies(cookies)
  await context.addInitScript(() => {
    globalThis.longest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration)
    }).observe({ type: 'longtask', buffered: true })
  })
  const page = await context.newPage()
  await page.goto(`${origin}/recordings`)
  await ready(page)
  const steps = [
    [() => page.locator('.pager a').last().click(), /after=/],
    [() => page.locator('.facets a[href*="archive=archived"]').click(), /archive=archived/],
    [() => page.locator('#find').fill('客服'), /q=/],
    [() => page.locator('.recs [data-walk]').first().click(), /recordings\/[0-9a-f]{32}/],
    [() => page.goBack(), /recordings\?/],
  ]
  for (const [step, address] of steps) {
    await step()
    await page.waitForURL(address)
    // Until it is shown: a visit changes the address first.
    await pause(500)
  }
  const longest = await page.evaluate(() => globalThis.longest)
  await context.close()
  return longest
}

/** The longest tasks of walks through a library of 2,000 recordings. */
async function libraryTasks(browser) {
  const folder = mkdtempSync(join(tmpdir(), 'reelroom-bench-'))
  execFileSync(binary, ['demo', '--recordings', '2000', '--data-dir', folder], { env: { PATH: process.env.PATH }, stdio: 'ignore' })
  const server = await reelroom(folder, 3903)
  const origin = 'http://127.0.0.1:3903'
  const signIn = await browser.newContext()
  await signIn.request.post(`${origin}/fn/sign_in`, { form: { name: 'bench', password: 'bench-password', next: '/' } })
  const cookies = await signIn.cookies()
  const tasks = []
  for (let i = 0; i < 5; i++) tasks.push(await longestTask(browser, origin, cookies))
  await server.end()
  rmSync(folder, { recursive: true, force: true })
  return tasks
}

async function browserHalf(work) {
  const server = await reelroom(work, 3901, { REELROOM_SANDBOX: 'true' })
  const origin = 'http://127.0.0.1:3901'
  const launch = { executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] }
  const browser = await chromium.launch(launch)
  const signIn = await browser.newContext()
  await signIn.request.post(`${origin}/fn/sign_in`, { form: { name: 'bench', password: 'bench-password', next: '/' } })
  const cookies = await signIn.cookies()
  // A room that nobody has reported has no form until a person adds it.
  await signIn.request.post(`${origin}/fn/add_room`, { form: { room: 'bench' } })
  const pages = [
    ['/login', [], 30], ['/recordings', cookies, 80], ['/callbacks', cookies, 80], ['/settings', cookies, 80], ['/', cookies, 80],
    ['/rooms/bench', cookies, 240],
  ]
  for (const [path, who, most] of pages) {
    const { page, js, css, svg, wasm, all } = await loaded(browser, origin, path, who)
    row(`first load of ${path}`, `${kb(all)} kB`, `< ${most} kB`,
      `bare template 98 kB: ×${round(all / TEMPLATE, 1)} (page ${kb(page)}, css ${kb(css)}, icons ${kb(svg)}, js ${kb(js)}, wasm ${kb(wasm)})`)
  }
  for (const [path, most] of [['/recordings', 1200], ['/rooms/bench', 3000]]) {
    const times = []
    for (let i = 0; i < 5; i++) times.push(await slow(browser, origin, path, cookies))
    row(`${path} can be used, slow line and processor`, `${round(median(times))} ms`, `< ${most} ms`, '1.6 Mbit/s, 150 ms, a quarter of the processor; nothing cached')
  }
  const [before, after] = await rooms(browser, origin, cookies)
  for (const what of ['nodes', 'listeners', 'wasm']) {
    row(`${what} after 300 changes of room`, `${after[what]}`, 'within 10 %', `before ${before[what]}: ×${round(after[what] / before[what], 2)}`)
  }
  const { took, rows: count } = await morph(browser, origin, cookies)
  row(`morph of a page with ${count} rows`, `${round(took, 1)} ms`, '< 25 ms', 'one row is new')
  const task = median(await libraryTasks(browser))
  row('longest task in the library', task > 0 ? `${round(task)} ms` : 'none over 50 ms', '< 50 ms', 'pages, a facet, a search, a recording, back')
  await browser.close()
  await server.end()
}

const work = mkdtempSync(join(tmpdir(), 'reelroom-bench-'))
try {
  row('binary', `${round(statSync(binary).size / 1e6, 1)} MB`, '', '')
  await coldStart(work)
  await browserHalf(work)
  console.log(`median of ${rounds}; ${new Date().toISOString().slice(0, 10)}\n`)
  const width = (key) => Math.max(...rows.map((row) => row[key].length))
  for (const { what, figure, aim, beside } of rows) {
    console.log(`${what.padEnd(width('what'))}  ${figure.padStart(width('figure'))}  ${aim.padEnd(width('aim'))}  ${beside}`.trimEnd())
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
