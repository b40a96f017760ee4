// A provider of single sign-on, whose people sign in by their name alone.

import { createSign, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

const CLIENT = { client_id: 'reelroom', client_secret: 'between us' }

/** The groups of each person. */
const PEOPLE: Record<string, string[]> = { ada: ['admins'], grace: ['teachers'], alan: [] }

/** A fault of the provider. */
export interface Fault {
  /** Claims over the right ones of ID tokens. */
  claims?: Record<string, unknown>
  /** How far its clock is ahead, in seconds. */
  ahead?: number
  /** Whether it signs with its former key, which it no longer publishes. */
  withdrawn?: boolean
  /** Whether its token endpoint closes connections without an answer. */
  down?: boolean
}

export class Office {
  fault: Fault = {}
  /** Its signing keys, the present one first. */
  private readonly keys: { kid: string; key: KeyObject }[] = []

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Office> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Office(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server)
  }

  /** The options of a Reelroom that signs people in here. */
  get options(): Record<string, string> {
    return {
      REELROOM_OIDC_ISSUER: this.issuer,
      REELROOM_OIDC_CLIENT_ID: CLIENT.client_id,
      REELROOM_OIDC_CLIENT_SECRET: CLIENT.client_secret,
      REELROOM_OIDC_NAME: 'Office',
      REELROOM_OIDC_ADMIN_GROUP: 'admins',
    }
  }

  /** Serves the Reelroom at this address. Called again, it replaces the signing key. */
  serve(reelroom: string) {
    const [kid, key] = [randomUUID(), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey]
    this.keys.unshift({ kid, key })
    const provider = new Provider(this.issuer, {
      clients: [
        {
          ...CLIENT,
          redirect_uris: [`${reelroom}/auth/callback`],
          post_logout_redirect_uris: [`${reelroom}/login`],
          backchannel_logout_uri: `${reelroom}/auth/backchannel-logout`,
          backchannel_logout_session_required: true,
        },
      ],
      claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
      cookies: { keys: ['office'] },
      jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
      features: {
        devInteractions: { enabled: false },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: {
          enabled: true,
          logoutSource(ctx: { body: string }, form: string) {
            ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Leave the office</button>`)
          },
          postLogoutSuccessSource(ctx: { body: string }) {
            ctx.body = page('You have left.')
          },
        },
      },
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/people/${uid}` },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, name: id, preferred_username: id, groups: PEOPLE[id] ?? [] }),
      }),
      // Its own refuses loopback.
      fetch: (url: string, { dispatcher, ...options }: RequestInit & { dispatcher?: unknown }) => fetch(url, options),
    })
    provider.use(async (ctx: any, next: () => Promise<void>) => {
      await next()
      if (ctx.body?.id_token && Object.keys(this.fault).length) ctx.body.id_token = this.tampered(ctx.body.id_token)
    })
    const rest = provider.callback()
    this.server.removeAllListeners('request').on('request', (request, response) => {
      if (request.url === '/favicon.ico') response.writeHead(204).end()
      else if (request.url === '/token' && this.fault.down) request.socket.destroy()
      else if (request.url!.startsWith('/people/')) void signIn(provider, request, response)
      else void rest(request, response)
    })
  }

  /** The token with the claims of the fault, signed again with the key that the fault selects. */
  private tampered(token: string): string {
    const [header, claims] = token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
    const { kid, key } = this.keys[this.fault.withdrawn ? 1 : 0]
    for (const time of ['iat', 'exp']) claims[time] += this.fault.ahead ?? 0
    const parts = [{ ...header, kid }, { ...claims, ...this.fault.claims }]
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`
  }

  async stop() {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

const page = (content: string) => `<!DOCTYPE html><html lang="en"><title>Office</title>${content}</html>`

/** Asks who it is, and believes it. */
async function signIn(provider: any, request: IncomingMessage, response: ServerResponse) {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html')
    response.end(page('<form method="post"><label>Person <input name="person"></label><button>Enter</button></form>'))
    return
  }
  let body = ''
  for await (const chunk of request) body += chunk
  const accountId = new URLSearchParams(body).get('person')!
  const { params } = await provider.interactionDetails(request, response)
  const grant = new provider.Grant({ accountId, clientId: params.client_id })
  grant.addOIDCScope(params.scope)
  const result = { login: { accountId }, consent: { grantId: await grant.save() } }
  await provider.interactionFinished(request, response, result)
}
