// The main job once in Firefox, by WebDriver BiDi: sign in, record a room, find the file and play it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer from 'puppeteer-core'

const binary = process.env.REELROOM_BINARY ?? join(import.meta.dirname, '..', 'target', 'release', 'reelroom')
const url = 'http://127.0.0.1:3911'
const folder = mkdtempSync(join(tmpdir(), 'reelroom-firefox-'))
const args = ['--listen', '127.0.0.1:3911', '--sandbox', '--sandbox-listen', '127.0.0.1:3912', '--data-dir', folder]
const account = { REELROOM_ADMIN_USER: 'u1001', REELROOM_ADMIN_PASSWORD: 'board-weekly-7B' }
const server = spawn(binary, args, { env: { PATH: process.env.PATH, ...account }, stdio: 'ignore' })
process.on('exit', () => server.kill('SIGKILL'))
for (let tries = 0; !(await fetch(`${url}/healthz`).then(({ ok }) => ok, () => false)); tries++) {
  assert(tries < 200, 'the server did not start')
  await new Promise((resolve) => setTimeout(resolve, 100))
}

const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
  headless: true,
  extraPrefsFirefox: { 'media.autoplay.default': 0 },
})
const page = await browser.newPage()
page.setDefaultTimeout(60_000)
const troubles = []
page.on('pageerror', (error) => troubles.push(String(error)))
page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))

const step = async (what, work) => {
  const begin = performance.now()
  await work()
  console.log(`${String(Math.round(performance.now() - begin)).padStart(6)} ms  ${what}`)
}
const ready = () => page.waitForSelector('html[data-ready]')

await step('sign in', async () => {
  await page.goto(`${url}/login?next=%2Frooms%2Ffirefox`)
  await page.type('[name=name]', account.REELROOM_ADMIN_USER)
  await page.type('[name=password]', account.REELROOM_ADMIN_PASSWORD)
  await Promise.all([page.waitForNavigation(), page.click('button.primary')])
  await ready()
  await page.click('#detail form[action="/fn/add_room"] button')
  await page.waitForSelector('#start-recording')
})
await step('compose the rule, with its preview', async () => {
  await page.waitForSelector('rust-island[data-alive]')
  await page.$eval('#rule', (input) => input.select())
  await page.type('#rule', 'ff_{date}_{random}')
  await page.waitForFunction(() => /ff_\d{8}_/.test(document.querySelector('.preview').textContent))
})
await step('start and stop', async () => {
  await page.click('#start-recording')
  await page.waitForSelector('#stop-recording')
  await new Promise((resolve) => setTimeout(resolve, 2000))
  await page.click('#stop-recording')
  await page.waitForFunction(() => !document.querySelector('#stop-recording'))
})
await step('the file arrives in the library', async () => {
  await page.goto(`${url}/recordings`)
  await ready()
  await page.waitForFunction(() => /Ready/.test(document.querySelector('.recs tbody')?.textContent ?? ''))
})
await step('it plays', async () => {
  await page.click('.recs .nm a')
  await page.waitForSelector('video')
  await page.$eval('video', (video) => {
    video.muted = true
    return video.play()
  })
  await page.waitForFunction(() => document.querySelector('video').currentTime > 0.3)
})
assert.deepEqual(troubles, [])
await browser.close()
server.kill('SIGTERM')
rmSync(folder, { recursive: true, force: true })
console.log('Firefox did the main job.')
