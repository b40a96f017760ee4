// Takes screenshots of every page: both languages, both themes, wide and narrow. Those in the README are
// saved to docs/screenshots, and all of them to the given folder, if any.

import { test, type Page } from '@playwright/test'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ADMIN, Reelroom, hydrated, open, roomPath } from './reelroom.ts'

const everything = process.env.SCREENSHOTS
const shown = join(import.meta.dirname, '..', 'docs', 'screenshots')
mkdirSync(shown, { recursive: true })
if (everything) mkdirSync(everything, { recursive: true })

test('every page', async ({ browser }) => {
  test.setTimeout(300_000)
  const reelroom = await Reelroom.start({
    REELROOM_ADMIN_USER: ADMIN.name,
    REELROOM_ADMIN_PASSWORD: ADMIN.password,
  })
  const person = async (theme: string, language: string, width = 1440, height = 900) => {
    const context = await browser.newContext({
      baseURL: reelroom.url,
      viewport: { width, height },
      locale: language,
      timezoneId: 'Asia/Shanghai',
    })
    await context.addCookies([{ name: 'theme', value: theme, url: reelroom.url }])
    const page = await context.newPage()
    await page.goto('/login')
    if (everything) await page.screenshot({ path: join(everything, `login-${language}-${theme}-${width}.png`) })
    await page.locator('input[name=name]').fill(ADMIN.name)
    await page.locator('input[name=password]').fill(ADMIN.password)
    await page.locator('input[name=password]').press('Enter')
    await page.waitForURL((url) => url.pathname === '/')
    return page
  }

  const shoot = async (page: Page, path: string, name: string) => {
    await page.goto(path)
    await hydrated(page)
    await page.waitForTimeout(400)
    if (everything) await page.screenshot({ path: join(everything, `${name}.png`) })
  }

  const started = async (page: Page, room: string) => {
    await open(page, roomPath(room))
    await page.locator('#start, button.primary.lg').first().click()
    await page.locator('.now .btn.solid').first().waitFor()
  }

  try {
    const page = await person('light', 'en-GB')
    await page.waitForTimeout(1500)
    await started(page, 'townhall-q4')
    await started(page, 'class-7B')
    await started(page, 'hiring-panel')
    await page.waitForTimeout(8000)
    await page.locator('.now .btn.solid').first().click()
    await page.waitForTimeout(1000)
    await reelroom.faults({ start: 'html' })
    await open(page, roomPath('ops-standup'))
    await page.locator('button.primary.lg').first().click()
    await page.waitForTimeout(1500)
    await reelroom.faults()
    await reelroom.tell('/sandbox/auto/board-weekly', {})
    await page.waitForTimeout(12_000)

    for (const [theme, language, width, height] of [
      ['light', 'en-GB', 1440, 900],
      ['dark', 'en-GB', 1440, 900],
      ['light', 'zh-CN', 1440, 900],
      ['dark', 'zh-CN', 1440, 900],
      ['light', 'en-GB', 390, 844],
      ['dark', 'zh-CN', 390, 844],
    ] as const) {
      const page = await person(theme, language, width, height)
      const tag = `${language}-${theme}-${width}`
      await shoot(page, '/', `rooms-${tag}`)
      await shoot(page, roomPath('board-weekly'), `room-${tag}`)
      await shoot(page, roomPath('class-7B'), `room-recording-${tag}`)
      if (tag === 'en-GB-light-1440') await page.screenshot({ path: join(shown, 'room-recording.png') })
      await shoot(page, roomPath('ops-standup'), `room-unknown-${tag}`)
      await shoot(page, '/recordings', `library-${tag}`)
      await page.locator('main a[href^="/recordings/"]', { hasText: 'hiring-panel' }).first().click()
      await page.locator('video').first().waitFor({ timeout: 15_000 })
      await page.waitForTimeout(1200)
      if (everything) await page.screenshot({ path: join(everything, `recording-${tag}.png`) })
      await shoot(page, '/trash', `trash-${tag}`)
      await shoot(page, '/cases?new=yes', `case-new-${tag}`)
      await shoot(page, '/certificates', `certificates-${tag}`)
      await shoot(page, '/settings/deleting', `settings-deleting-${tag}`)
      await shoot(page, '/settings', `settings-${tag}`)
      await shoot(page, '/settings?first=yes', `settings-first-${tag}`)
      await shoot(page, '/settings/sign-in', `settings-sign-in-${tag}`)
      await shoot(page, '/settings/history', `history-${tag}`)
      await shoot(page, '/settings/people', `people-${tag}`)
      await shoot(page, (await page.locator('.ppl a.ent').first().getAttribute('href'))!, `person-${tag}`)
      await shoot(page, '/settings/people?show=groups', `groups-${tag}`)
      await shoot(page, '/settings/people?add=yes', `person-new-${tag}`)
      await shoot(page, '/once/nowhere', `once-${tag}`)
      await shoot(page, '/settings/me', `me-${tag}`)
      await page.locator('details:has(#phone-proof) summary').click()
      await page.locator('#phone-proof').fill(ADMIN.password)
      await page.locator('#phone-proof').press('Enter')
      await page.locator('svg.qr').waitFor()
      if (everything) await page.screenshot({ path: join(everything, `me-phone-${tag}.png`) })
      await page.context().close()
    }
  } finally {
    await reelroom.stop()
  }
})
