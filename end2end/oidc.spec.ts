// Single sign-on with a provider that is another's software.

import { Office } from './office.ts'
import { Reelroom, WITH_ADMIN, expect, open, signIn, test } from './reelroom.ts'
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
  office.tampers = {}
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
  // The page is a refusal.
  troubles.splice(0, troubles.length, ...troubles.filter((trouble) => !trouble.includes('403')))

  await context.clearCookies()
  await enter(page, 'ada')
  await open(page, `${reelroom.url}/settings`, javaScriptEnabled)
  await expect(page.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible()
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

for (const [what, claims] of Object.entries({
  'another nonce': () => ({ nonce: 'another' }),
  'another audience': () => ({ aud: 'another' }),
  'a clock that is ten minutes ahead': () => ({ iat: Math.floor(Date.now() / 1000) + 600 }),
})) {
  test(`a token with ${what} signs nobody in`, async ({ page }) => {
    office.tampers = claims()
    await enter(page, 'grace')
    await expect(page.getByRole('alert')).toContainText('could not be verified')
    await signIn(page, reelroom.url)
  })
}

test('a provider that is down is named, and passwords go on', async ({ page }) => {
  const closed = await Office.start()
  const alone = await Reelroom.start({ ...WITH_ADMIN, ...closed.options })
  await closed.stop()
  try {
    await page.goto(alone.url)
    await page.getByRole('link', { name: 'Sign in with Office' }).click()
    await expect(page.getByRole('alert')).toContainText('127.0.0.1 did not answer')
    await signIn(page, alone.url)
  } finally {
    await alone.stop()
  }
})
