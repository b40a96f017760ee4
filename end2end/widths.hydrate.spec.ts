// Every page at every width: no horizontal scrolling, no text narrower than its longest word, and no control
// covered by another.

import { expect, open, roomPath, signIn, test } from './reelroom.ts'

const WIDTHS = [360, 390, 761, 768, 820, 1024, 1180, 1440]

test('nothing is squeezed, cut or covered at any width', async ({ member: page, reelroom }) => {
  test.setTimeout(300_000)
  await open(page, roomPath('the-yearly-meeting-of-all-departments'))
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await reelroom.tell('/sandbox/auto/hiring-panel', {})
  await open(page, '/recordings')
  const link = page.getByRole('row').filter({ hasText: 'hiring-panel' }).first().getByRole('link').first()
  await expect(link).toBeVisible({ timeout: 30_000 })
  const recording = await link.getAttribute('href')
  await open(page, '/settings/people')
  const person = await page.locator('.ppl a.ent').first().getAttribute('href')
  const people = ['/settings/people', person!, '/settings/people?show=groups', '/settings/people?add=yes', '/once/nowhere']
  const paths = [
    ...people,
    '/trash', '/cases', '/certificates', '/settings/deleting',
    '/', roomPath('board-weekly'), roomPath('the-yearly-meeting-of-all-departments'), '/recordings', recording!,
    '/callbacks', '/settings', '/settings?first=yes', '/settings/apps', '/settings/sign-in', '/settings/history', '/settings/me', '/settings/storage', '/login',
  ]
  for (const path of paths) {
    await open(page, path)
    // 720 is half of 1440, the width at a zoom of 200 %.
    for (const width of [...WIDTHS, 720]) {
      await page.setViewportSize({ width, height: 900 })
      expect.soft(await page.evaluate(troubles), `${path} at ${width} px`).toEqual([])
    }
  }
  // The files that are expected after the stop.
  await reelroom.faults({ callbacks: 'drop' })
  await open(page, roomPath('the-yearly-meeting-of-all-departments'))
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.locator('.ledger-lines').getByText('Frames')).toBeVisible()
  for (const width of [360, 390, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    expect.soft(await page.evaluate(troubles), `expected files at ${width} px`).toEqual([])
  }
  await reelroom.faults()
})

test('the page itself never scrolls beside its lists', async ({ member: page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  for (const path of ['/', roomPath('board-weekly'), '/recordings', '/callbacks', '/settings']) {
    await open(page, path)
    expect(await page.evaluate(() => document.documentElement.scrollHeight), path).toBe(900)
  }
})

test('on a phone the buttons of a room stand beside its name, in either language', async ({ member: page, baseURL }) => {
  for (const language of ['en', 'zh-CN']) {
    await page.context().addCookies([{ name: 'lang', value: language, url: baseURL! }])
    await open(page, roomPath('board-weekly'))
    for (const width of [360, 390]) {
      await page.setViewportSize({ width, height: 844 })
      const buttons = page.locator('.panel-h :is(.back, .star, .label-menu > button)')
      const tops = await buttons.evaluateAll((all) => all.map((button) => Math.round(button.getBoundingClientRect().top)))
      expect(tops, `${language} at ${width} px`).toHaveLength(3)
      expect(new Set(tops).size, `${language} at ${width} px`).toBe(1)
    }
  }
})

test('on a phone nothing shines through the bar with the start button', async ({ member: page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, roomPath('board-weekly'))
  const over = () =>
    page.evaluate(() => {
      const bar = document.querySelector('.start-f')!
      const found = new Set<string>()
      for (const top of [0, 60, 120, 180, 240]) {
        document.querySelector('.panel-b')!.scrollTop = top
        const { left, right, y, height } = bar.getBoundingClientRect()
        for (let x = left + 8; x < right - 8; x += 12) {
          for (let at = y + 4; at < y + height && at < innerHeight; at += 12) {
            const hit = document.elementFromPoint(x, at)
            if (hit && !bar.contains(hit) && !hit.closest('.tabbar, .toasts')) found.add(hit.outerHTML.slice(0, 80))
          }
        }
      }
      return [...found]
    })
  expect(await over()).toEqual([])
})

test('on a phone and at a zoom of 200 % the bars leave the page its place', async ({ member: page }) => {
  await open(page, roomPath('board-weekly'))
  // The second is half of 1440 × 900.
  for (const [width, height] of [[390, 844], [720, 450]]) {
    await page.setViewportSize({ width, height })
    await page.locator('.panel-b').evaluate((panel) => panel.scrollTo(0, 0))
    const tops = await page.locator('.start-f, .tabbar').evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().top))
    expect(tops).toHaveLength(2)
    expect((height - Math.min(...tops)) / height, `${width} px`).toBeLessThan(1 / 4)
  }
})

test('on a phone the field to correct is above the bar with the start button', async ({ member: page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, roomPath('to-correct'))
  await page.locator('details.adv > summary').click()
  const field = page.getByLabel('Stop after (minutes)')
  await field.fill('9999')
  await page.locator('.panel-b').evaluate((panel) => panel.scrollTo(0, 0))
  await page.getByRole('button', { name: 'Start recording' }).click()
  await expect(field).toBeFocused()
  const bar = page.locator('.start-f')
  await expect.poll(async () => {
    const [at, from] = [(await field.boundingBox())!, (await bar.boundingBox())!]
    return at.y + at.height <= from.y
  }).toBe(true)
})

test('beside the list the buttons of a room stay in one row, and its name has its place', async ({ member: page, baseURL }) => {
  for (const language of ['en', 'zh-CN']) {
    await page.context().addCookies([{ name: 'lang', value: language, url: baseURL! }])
    await open(page, roomPath('the-yearly-meeting-of-all-departments'))
    for (const width of [761, 820, 960, 1180]) {
      await page.setViewportSize({ width, height: 900 })
      const at = `${language} at ${width} px`
      const buttons = page.locator('.panel-h .acts .btn:visible')
      const tops = await buttons.evaluateAll((all) => all.map((button) => Math.round(button.getBoundingClientRect().top)))
      expect(tops, at).toHaveLength(4)
      expect(new Set(tops).size, at).toBe(1)
      const em = await page.locator('#room-name').evaluate((name) => name.clientWidth / parseFloat(getComputedStyle(name).fontSize))
      expect(em, at).toBeGreaterThanOrEqual(8)
    }
  }
})

test('the longest name has its place in the foot of the side bar', async ({ page, own }) => {
  const somebody = { name: 'W'.repeat(64), password: 'lantern-quay-481' }
  own.addUser(somebody.name, somebody.password, 'viewer')
  await signIn(page, own.url, somebody)
  await open(page, own.url)
  const foot = page.locator('.side-foot')
  const name = foot.locator('.who .trunc')
  await expect(name).toHaveText(somebody.name)
  await expect(name).toHaveAttribute('title', somebody.name)
  await expect(foot.locator('.who')).toHaveCSS('text-decoration-line', 'none')
  for (const width of [1181, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    const cut = await name.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
    expect(cut, `the name at ${width} px`).toBeGreaterThan(0)
    const right = await page.locator('.side').evaluate((side) => side.getBoundingClientRect().right)
    for (const part of await foot.locator('.me > *').all()) {
      const box = (await part.boundingBox())!
      expect(box.width, `at ${width} px`).toBeGreaterThanOrEqual(24)
      expect(box.x + box.width, `at ${width} px`).toBeLessThanOrEqual(right)
    }
  }
})

/** The layout problems of the page. */
function troubles(): string[] {
  const found: string[] = []
  const name = (element: Element) => {
    const text = element.textContent?.trim().slice(0, 30) ?? ''
    return `${element.tagName.toLowerCase()}${element.id && `#${element.id}`}.${[...element.classList].join('.')} “${text}”`
  }
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) found.push(`scrolls sideways: ${scrollWidth} > ${clientWidth}`)
  const isShown = (element: Element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  // Text that breaks within a word or has one letter per line.
  for (const element of document.querySelectorAll('h1, h2, h3, th, dt, summary, button, a.btn, .ledger-lines .what')) {
    if (!isShown(element) || element.closest('.sr, .trunc, .midcut')) continue
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text.parentElement!.closest('.sr, .trunc, .midcut') || !isShown(text.parentElement!)) continue
      for (const { index, 0: word } of text.textContent!.matchAll(/[\p{Script=Latin}\d]{2,12}/gu)) {
        const range = document.createRange()
        range.setStart(text, index)
        range.setEnd(text, index + word.length)
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
        if (lines.size > 1) found.push(`“${word}” is broken in ${name(element)}`)
      }
    }
  }
  // A group of tabs or a table that is cut.
  for (const group of document.querySelectorAll('.seg, .today')) {
    if (group.scrollWidth > group.clientWidth + 1) found.push(`cut: ${name(group)}`)
  }
  // A control whose centre is covered by another element.
  for (const control of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!isShown(control) || control.closest('.sr, .skip, .toasts')) continue
    control.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
    const { left, top, width, height } = control.getBoundingClientRect()
    if (width < 2 || height < 2) continue
    const [x, y] = [left + width / 2, top + height / 2]
    if (x < 0 || x > innerWidth) {
      found.push(`out of sight: ${name(control)}`)
      continue
    }
    // Toasts lie over the page on purpose, and go by themselves.
    const hit = document.elementsFromPoint(x, y).find((element) => !element.closest('.toasts'))
    const label = control.closest('label')
    if (hit && !control.contains(hit) && !hit.contains(control) && !label?.contains(hit)) {
      found.push(`${name(control)} lies under ${name(hit)}`)
    }
  }
  return found
}
