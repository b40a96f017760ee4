// No typed or sent value is lost during live updates; back and forward show the current state.

import type { Page } from '@playwright/test'
import { ADMIN, expect, open, Reelroom, roomPath, signIn, stopUpdates, test, WITH_ADMIN } from './reelroom.ts'

test('a form is sent while its island comes to life', async ({ member: page }) => {
  await open(page, roomPath('early-start'))
  await page.route('**/*.wasm', async (route) => {
    await page.waitForSelector('form[aria-busy=true]')
    await route.continue()
  })
  let send!: () => void
  const sent = new Promise<void>((resolve) => (send = resolve))
  await page.route('**/fn/start_recording', async (route) => {
    await sent
    await route.continue()
  })
  await page.goto(roomPath('early-start'))
  await page.waitForSelector('html[data-ready]')
  const start = page.locator('#start-recording')
  await start.click()
  await expect(page.locator('rust-island[data-alive]')).toBeVisible()
  await expect(start).toContainText('Asking anyRTC')
  send()
  await page.locator('#stop-recording').click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
})

const heading = (page: Page, room: string) => page.getByRole('heading', { name: room, level: 1, exact: true })
const link = (page: Page, room: string) => page.locator(`main a[href^="${roomPath(room)}"]`).first()

/** Follows a link from a room to another one. */
async function go(page: Page, room: string) {
  await link(page, room).click()
  await expect(heading(page, room)).toBeVisible()
}

async function expectStays(page: Page, room: string) {
  await page.waitForTimeout(1000)
  await expect(heading(page, room)).toBeVisible()
  expect(new URL(page.url()).pathname).toBe(roomPath(room))
}

test('a link that is followed while a form is sent leads to its page, and the form is sent', async ({ page, own }) => {
  await open(page, own.url + roomPath('followed'))
  await open(page, own.url + roomPath('sent-from'))
  let send = () => {}
  const leaves = new Promise<void>((resolve) => (send = resolve))
  await page.route('**/fn/start_recording', async (route) => {
    await leaves
    await route.continue()
  })
  const answered = page.waitForResponse('**/fn/start_recording', { timeout: 20_000 })
  await page.locator('#start-recording').click()
  await go(page, 'followed')
  const rule = page.getByLabel('File name rule')
  await rule.fill('left_{date}')
  send()
  await answered
  await expectStays(page, 'followed')
  await expect(rule).toHaveValue('left_{date}')
  await expect(page.locator('#start-recording')).toHaveText(/Start recording/)
  await go(page, 'sent-from')
  await expect(page.locator('#stop-recording')).toBeVisible()
})

test('a link that is followed while the response to a form arrives leads to its page', async ({ page, own }) => {
  // The page to which a form redirects is read only after `test:arrive`.
  await page.addInitScript(() => {
    const { text } = Response.prototype
    Response.prototype.text = async function () {
      if (this.redirected) {
        document.documentElement.dataset.arriving = ''
        await new Promise((resolve) => addEventListener('test:arrive', resolve, { once: true }))
      }
      return text.call(this)
    }
  })
  await open(page, own.url + roomPath('arrived-for'))
  await open(page, own.url + roomPath('arriving'))
  await page.locator('#start-recording').click()
  await page.waitForSelector('html[data-arriving]')
  await page.route(`**${roomPath('arrived-for')}*`, async (route) => {
    await page.evaluate(() => dispatchEvent(new Event('test:arrive')))
    await page.waitForTimeout(1000)
    await route.continue()
  })
  await go(page, 'arrived-for')
  await expectStays(page, 'arrived-for')
})

test('a form that is sent while a link is followed leads to its page', async ({ page, own }) => {
  await open(page, own.url + roomPath('not-opened'))
  await open(page, own.url + roomPath('stayed'))
  let answer = () => {}
  const arrives = new Promise<void>((resolve) => (answer = resolve))
  const path = `**${roomPath('not-opened')}*`
  await page.route(path, async (route) => {
    await arrives
    await route.continue()
  })
  const followed = page.waitForRequest(path)
  await link(page, 'not-opened').click()
  await followed
  await page.locator('#start-recording').click()
  await expect(page.locator('#stop-recording')).toBeVisible()
  answer()
  await expectStays(page, 'stayed')
})

test('a hundred starts while events fire are a hundred recordings', async ({ page }) => {
  test.setTimeout(300_000)
  const reelroom = await Reelroom.start({ ...WITH_ADMIN, REELROOM_CALLBACK_AUTH: 'open' })
  await signIn(page, reelroom.url)
  await open(page, reelroom.url + roomPath('busy-0'))
  // Every visible room changes all the time.
  let on = true
  const noise = (async () => {
    for (let n = 0; on; n++) {
      const option = n % 2 ? 'Online' : 'Offline'
      const events = ['board-weekly', `busy-${n % 100}`].map((room) => ({
        type: '2', option, groupId: room, userId: 'u7', time: String(Math.floor(Date.now() / 1000)), userData: '',
      }))
      await fetch(`${reelroom.url}/AR/V1/status`, { method: 'POST', body: JSON.stringify(events) })
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
  })()
  for (let n = 0; n < 100; n++) {
    // First, so that the page is loaded once.
    await page.request.post(`${reelroom.url}/fn/add_room`, { form: { room: `busy-${n}` }, headers: { accept: 'application/json' } })
    await open(page, reelroom.url + roomPath(`busy-${n}`))
    await page.locator('#start-recording').dispatchEvent('click')
    await expect(page.locator('#stop-recording'), `busy-${n}`).toBeVisible()
  }
  on = false
  await noise
  await open(page, `${reelroom.url}/?show=recording`)
  await expect(page.getByRole('link', { name: 'Recording 100', exact: true })).toBeVisible()
  await reelroom.stop()
})

test('text, caret, focus, folds and scroll stay while the page changes', async ({ member: page, reelroom }) => {
  const room = 'stays'
  await open(page, roomPath(room))
  await page.getByText('Advanced').click()
  await page.getByLabel('User data').fill('line 1\nline 2')
  await page.locator('.panel-b').evaluate((panel) => panel.scrollTo(0, 120))
  const rule = page.getByLabel('File name rule')
  await rule.fill('stays_{date}_{random}')
  await rule.evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 4))
  const state = () =>
    page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#rule')!
      return [
        input.value, input.selectionStart, input.selectionEnd, document.activeElement === input,
        document.querySelector<HTMLTextAreaElement>('#user_data')!.value,
        document.querySelector<HTMLDetailsElement>('details.adv')!.open,
        Math.round(document.querySelector('.panel-b')!.scrollTop),
      ]
    })
  const before = await state()
  await reelroom.tell(`/sandbox/rooms/${room}/join/ada`)
  await expect(page.getByText(/1 person since/).first()).toBeVisible()
  expect(await state()).toEqual(before)
})

test('a value that was typed back after a rejection stays', async ({ member: page, reelroom }) => {
  await open(page, '/settings')
  const late = page.getByLabel('Late after (minutes)')
  const before = await late.inputValue()
  await late.fill('5000')
  await page.locator('form', { hasText: 'Late after (minutes)' }).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Enter whole minutes, at most a week, and late before overdue.')).toBeVisible()
  await late.fill(before)
  const refreshed = page.waitForResponse(/settings/)
  await reelroom.tell('/sandbox/rooms/typed-back/join/ada')
  await refreshed
  await page.waitForTimeout(300)
  await expect(late).toHaveValue(before)
})

test('an expired session brings a person back to what they typed', async ({ member: page, context, reelroom }) => {
  const room = 'expired'
  await open(page, roomPath(room))
  await page.getByText('Advanced').click()
  await page.getByLabel('File name rule').fill('expired_{date}_{random}')
  await page.getByLabel('Storage path').fill('kept/here')
  await context.clearCookies()
  // Whether the update or the form is first, the page goes to the sign-in and back.
  await reelroom.tell(`/sandbox/rooms/${room}/join/ada`)
  await page.waitForURL(/\/login\?next=/, { timeout: 90_000 })
  await expect(page.getByRole('alert')).toHaveText(/Your session ended\s*Sign in to go on\./)
  await page.getByLabel('User id').fill(ADMIN.name)
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByLabel('File name rule')).toHaveValue('expired_{date}_{random}')
  await expect(page.getByLabel('Storage path')).toHaveValue('kept/here')
  await page.getByRole('button', { name: 'Start recording' }).click()
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
})

test('a form that is sent after the session ended comes back with what was typed', async ({ member: page, context }) => {
  await open(page, roomPath('expired-form'))
  await page.getByLabel('File name rule').fill('form_{date}_{random}')
  await stopUpdates(page)
  await context.clearCookies()
  await page.getByRole('button', { name: 'Start recording' }).click()
  await page.waitForURL(/\/login\?next=/)
  await page.getByLabel('User id').fill(ADMIN.name)
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByLabel('File name rule')).toHaveValue('form_{date}_{random}')
})

test('back and forward show each page as it is now', async ({ member: page }) => {
  await open(page, roomPath('back-a'))
  await page.getByRole('link', { name: 'Library' }).first().click()
  await expect(page.getByRole('heading', { name: 'Library', level: 1 })).toBeVisible()
  await page.getByRole('link', { name: 'Callbacks' }).first().click()
  await expect(page).toHaveTitle(/Callbacks/)
  // Meanwhile, in the room.
  await page.request.post('/fn/start_recording', {
    form: { room: 'back-a', rule: 'back_{date}_{random}', kind: 'Meet' }, headers: { accept: 'application/json' },
  })
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Library', level: 1 })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'back-a' }).first()).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'back-a', level: 1 })).toBeVisible()
  await expect(page.getByRole('button', { name: /Stop recording/ })).toBeVisible()
  await page.goForward()
  await expect(page.getByRole('heading', { name: 'Library', level: 1 })).toBeVisible()
  expect(new URL(page.url()).pathname).toBe('/recordings')
  await page.goBack()
  await page.getByRole('button', { name: /Stop recording/ }).click()
  await expect(page.getByText('Waiting for files').first()).toBeVisible()
})

test('a composition is searched only when it ends', async ({ member: page }) => {
  await open(page, '/recordings')
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).searchParams.get('q') ?? ''))
  const search = page.getByRole('searchbox')
  await search.focus()
  const input = await page.context().newCDPSession(page)
  await input.send('Input.imeSetComposition', { text: 'pei', selectionStart: 3, selectionEnd: 3 })
  // Enter picks a candidate. In Safari it comes after the composition, with this code alone.
  await input.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 })
  await search.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
  await page.waitForTimeout(600)
  expect(asked.filter(Boolean)).toEqual([])
  await expect(search).toBeFocused()
  await input.send('Input.insertText', { text: '培训' })
  await expect(page).toHaveURL(/q=%E5%9F%B9%E8%AE%AD/)
  await expect(search).toHaveValue('培训')
  await expect(search).toBeFocused()
})
