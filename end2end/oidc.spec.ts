// Single sign-on with a provider that is another's software. `server/tests/it/oidc.rs` has a provider of ours,
// and with it all claims, forged signatures, the limits of clocks, and the fetching and forgetting of keys.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Office, type Fault } from './office.ts'
import { ADMIN, Reelroom, WITH_ADMIN, expect, open, signIn, signInByForm, test } from './reelroom.ts'
import type { Page } from '@playwright/test'

/** The words of single sign-on in a language. */
const words = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'app', 'locales', language, 'login.json'), 'utf8')).sso

let office: Office
let reelroom: Reelroom

test.beforeAll(async () => {
  office = await Office.start()
  reelroom = await Reelroom.start({ ...WITH_ADMIN, ...office.options })
  office.serve(reelroom.url)
})

test.afterAll(async () => {
  await reelroom.stop()
  await office.stop()
})

test.beforeEach(() => {
  office.fault = {}
})

async function enter(page: Page, person: string, path = '/') {
  await page.goto(reelroom.url + path)
  await page.getByRole('link', { name: 'Sign in with Office' }).click()
  await page.getByLabel('Person').fill(person)
  await page.getByRole('button', { name: 'Enter' }).click()
}

/** The cookies of Reelroom in the browser, by name. */
async function cookies(page: Page): Promise<string[]> {
  const names = (await page.context().cookies(page.url())).map(({ name }) => name)
  return names.filter((name) => name.startsWith('reelroom_')).sort()
}

/** The cookies of a browser that is signed in. */
const SIGNED_IN = ['reelroom_device', 'reelroom_session']

/** Expects the page of a failed sign-in, in both languages; that nobody is signed in; and this cause in the log. */
async function expectRefused(page: Page, { url, log }: Reelroom, why: string, cause: RegExp) {
  const context = page.context()
  const alert = page.getByRole('alert')
  await expect(alert).toBeVisible()
  for (const language of ['en', 'zh-CN']) {
    await context.addCookies([{ name: 'lang', value: language, url }])
    await page.reload()
    const { [why]: happened, [`${why}_then`]: then } = words(language)
    await expect(alert).toContainText(happened.replace('{{ host }}', '127.0.0.1'))
    await expect(alert).toContainText(then)
  }
  await context.clearCookies({ name: 'lang' })
  expect(await cookies(page)).toEqual([])
  await page.goto(`${url}/recordings`)
  await expect(page).toHaveURL(/\/login\?/)
  await expect.poll(() => log.join('\n')).toMatch(cause)
  // Our secret, the beginning of a token's header, and a code.
  expect(log.join('\n')).not.toMatch(/between us|eyJhbGciOi|[?&]code=/)
}

test('people sign in at the provider, and their groups open rooms', async ({ page, context, javaScriptEnabled, troubles }) => {
  await signIn(page, reelroom.url)
  const call = async (name: string, form: Record<string, string>) => {
    const headers = { accept: 'application/json' }
    const answer = await page.request.post(`${reelroom.url}/fn/${name}`, { form, headers })
    expect(answer.status(), await answer.text()).toBe(200)
    return answer.json()
  }
  const group = `Teachers ${javaScriptEnabled}`
  const id = await call('add_group', { name: group, claim: 'teachers' })
  await call('add_grant', { of: 'group', id, kind: 'everything' })

  await context.clearCookies()
  await enter(page, 'grace', '/recordings?q=class')
  await expect(page).toHaveURL(`${reelroom.url}/recordings?q=class`)
  await expect(page.getByText('grace').first()).toBeVisible()
  await expect(page.getByText('No room is open to you')).toHaveCount(0)

  await context.clearCookies()
  await enter(page, 'alan')
  await expect(page.getByText('No room is open to you')).toBeVisible()
  // The page is a refusal, of which the browser tells a moment later.
  await expect.poll(() => troubles.filter((trouble) => trouble.includes('403')).length).toBeGreaterThan(0)

  await context.clearCookies()
  await enter(page, 'ada')
  await open(page, `${reelroom.url}/settings`, javaScriptEnabled)
  await expect(page.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible()
  troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !trouble.includes('403')))
})

test('signing out here signs out at the provider', async ({ page }) => {
  await enter(page, 'ada')
  await expect(page).toHaveURL(`${reelroom.url}/`)
  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await page.getByRole('button', { name: 'Leave the office' }).click()
  await expect(page).toHaveURL(`${reelroom.url}/login`)
  await page.getByRole('link', { name: 'Sign in with Office' }).click()
  await expect(page.getByLabel('Person')).toBeVisible()
})

test('signing out at the provider signs out here', async ({ page }) => {
  await enter(page, 'ada')
  await expect(page).toHaveURL(`${reelroom.url}/`)
  await page.goto(`${office.issuer}/session/end`)
  await page.getByRole('button', { name: 'Leave the office' }).click()
  await expect(page.getByText('You have left.')).toBeVisible()
  await page.goto(`${reelroom.url}/recordings`)
  await expect(page).toHaveURL(/\/login\?/)
})

const faults: [what: string, fault: Fault, why: string, cause: RegExp][] = [
  ['signs another nonce', { claims: { nonce: 'another' } }, 'not_verified', /nonce mismatch/],
  ['signs another audience', { claims: { aud: 'another' } }, 'not_verified', /Invalid audiences/],
  ['is ten minutes ahead', { ahead: 600 }, 'clock', /issued -\d{6} ms ago/],
  ['is ten minutes behind', { ahead: -600 }, 'clock', /issued \d{6} ms ago/],
  ['goes down before it gives a token', { down: true }, 'no_answer', /no tokens/],
]

// The sign-in page has no script: once is enough.
test.describe(() => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false)

  for (const [what, fault, why, cause] of faults) {
    test(`a provider that ${what} signs nobody in`, async ({ page }) => {
      office.fault = fault
      await enter(page, 'grace')
      await expectRefused(page, reelroom, why, cause)

      office.fault = {}
      await page.getByRole('link', { name: 'Sign in with Office' }).click()
      await expect(page).toHaveURL(`${reelroom.url}/recordings`)
      expect(await cookies(page)).toEqual(SIGNED_IN)
    })
  }

  test('a sign-in goes on after the keys of the provider are replaced', async ({ page, context }) => {
    const keys = async (): Promise<string[]> => {
      const { keys } = await (await page.request.get(`${office.issuer}/jwks`)).json()
      return keys.map(({ kid }: { kid: string }) => kid)
    }
    await enter(page, 'ada')
    await expect(page).toHaveURL(`${reelroom.url}/`)
    const [old] = await keys()
    office.serve(reelroom.url)
    expect(await keys()).not.toContain(old)
    await context.clearCookies()
    await enter(page, 'ada')
    await expect(page).toHaveURL(`${reelroom.url}/`)

    office.fault = { withdrawn: true }
    await context.clearCookies()
    await enter(page, 'ada')
    await expectRefused(page, reelroom, 'not_verified', /unknown key/)
  })
})

test('Reelroom starts while the provider is down, names it, and accepts passwords', async ({ page }) => {
  const closed = await Office.start()
  await closed.stop()
  const alone = await Reelroom.start({ ...WITH_ADMIN, ...closed.options })
  try {
    await page.goto(alone.url)
    await page.getByRole('link', { name: 'Sign in with Office' }).click()
    await expectRefused(page, alone, 'no_answer', /no metadata/)
    await signInByForm(page, alone.url)
  } finally {
    await alone.stop()
  }
})

test('with passwords off, only the account that keeps its password has the form', async ({ page, javaScriptEnabled }) => {
  const alone = await Reelroom.start({ ...WITH_ADMIN, ...office.options })
  try {
    await signIn(page, alone.url)
    await open(page, `${alone.url}/settings/sign-in`, javaScriptEnabled)
    await page.locator('label.switch:has([name=passwords_off])').click()
    await page.getByLabel('Account that keeps its password').fill(ADMIN.name)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved', { exact: true })).toBeVisible()
    await open(page, `${alone.url}/settings/people?add=yes`, javaScriptEnabled)
    const why = page.getByText('People get an account when they first sign in by single sign-on')
    await expect(why).toBeVisible()
    await expect(page.getByRole('button', { name: 'Add and make the link' })).toHaveCount(0)
    await open(page, `${alone.url}/settings/people`, javaScriptEnabled)
    await expect(why).toBeVisible()
    await expect(page.getByRole('link', { name: 'Add a person' })).toHaveCount(0)
    await open(page, `${alone.url}/settings/history`, javaScriptEnabled)
    await expect(page.getByText('changed the rules of sign-in, Account that keeps its password: u1001')).toBeVisible()

    await page.context().clearCookies()
    await page.goto(`${alone.url}/login`)
    await expect(page.getByRole('link', { name: 'Sign in with Office' })).toBeVisible()
    await expect(page.getByLabel('User id')).toBeHidden()
    await page.getByText('Sign in with a password').click()
    await page.getByLabel('User id').fill(ADMIN.name)
    await page.getByLabel('Password', { exact: true }).fill(ADMIN.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${alone.url}/`)
  } finally {
    await alone.stop()
  }
})
