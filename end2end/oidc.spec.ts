// Single sign-on with a provider that is another's software. `server/tests/it/oidc.rs` has a provider of ours,
// and with it all claims, forged signatures, the limits of clocks, and the fetching and forgetting of keys.

import { Office, type Fault } from './office.ts'
import { ADMIN, Reelroom, WITH_ADMIN, expect, open, signIn, signInByForm, test } from './reelroom.ts'
import type { Page } from '@playwright/test'

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

const unverified = 'The answer from 127.0.0.1 could not be verified'
const clocks = 'The clocks of this server and 127.0.0.1 differ'
const unanswered = '127.0.0.1 did not answer'

const faults: [what: string, fault: Fault, title: string, log: RegExp][] = [
  ['signs another nonce', { claims: { nonce: 'another' } }, unverified, /nonce mismatch/],
  ['signs another audience', { claims: { aud: 'another' } }, unverified, /Invalid audiences/],
  ['is ten minutes ahead', { ahead: 600 }, clocks, /issued -\d{6} ms ago/],
  ['is ten minutes behind', { ahead: -600 }, clocks, /issued \d{6} ms ago/],
  ['goes down before it gives a token', { down: true }, unanswered, /no tokens/],
]

// The sign-in page has no script: once is enough.
test.describe(() => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false)

  for (const [what, fault, title, log] of faults) {
    test(`a provider that ${what} signs nobody in`, async ({ page }) => {
      office.fault = fault
      await enter(page, 'grace')
      await expect(page.getByRole('alert')).toContainText(title)
      await expect(page.getByRole('alert')).toContainText('You are not signed in')
      await expect.poll(() => reelroom.log.join('\n')).toMatch(log)
      await page.goto(`${reelroom.url}/recordings`)
      await expect(page).toHaveURL(/\/login\?/)

      office.fault = {}
      await page.getByRole('link', { name: 'Sign in with Office' }).click()
      await expect(page).toHaveURL(`${reelroom.url}/recordings`)
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
  })
})

test('a provider that is down is named, and passwords go on', async ({ page }) => {
  const closed = await Office.start()
  const alone = await Reelroom.start({ ...WITH_ADMIN, ...closed.options })
  await closed.stop()
  try {
    await page.goto(alone.url)
    await page.getByRole('link', { name: 'Sign in with Office' }).click()
    const alert = page.getByRole('alert')
    await expect(alert).toContainText(unanswered)
    await expect(alert).toContainText('Sign in with a password, or try again.')
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
