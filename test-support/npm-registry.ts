import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** The body of a request to publish or stage a version: metadata, with the package in Base64. */
interface Submission {
  name: string
  'dist-tags': Record<string, string>
  versions: Record<string, { dist: { tarball: string; integrity: string } }>
  _attachments: Record<string, { data: string }>
}

/** An npm registry on loopback that trusts one workflow to stage packages, with GitHub's issuer of ID tokens. */
export interface NpmRegistry {
  url: string
  /** The variables of a job that may request an ID token. */
  idTokenVariables: Readonly<Record<string, string>>
  /** Every call that changes something, such as `POST /-/stage/package/@a%2fb`, with its HTTP status. */
  calls: string[]
  /** Staged packages that wait for a maintainer: package → its bytes. */
  staged: () => Map<string, Buffer>
  /** Publishes everything that is staged, as a maintainer does. */
  approve: () => void
  close: () => void
}

// npm reads the claims, so they are in the place that a JWT has for them. Private: npm would otherwise ask Sigstore for provenance.
const ID_TOKEN = `e30.${Buffer.from('{"repository_visibility":"private"}').toString('base64url')}.signature`

export async function startNpmRegistry(): Promise<NpmRegistry> {
  const staged = new Map<string, Submission>()
  const published = new Map<string, Submission>()
  const calls: string[] = []
  const bytesOf = ({ _attachments }: Submission) =>
    Buffer.from(Object.values(_attachments)[0]!.data, 'base64')

  const respond = async (request: IncomingMessage): Promise<[status: number, body: unknown]> => {
    const { pathname, searchParams } = new URL(request.url ?? '', url)
    const is = (token: string) => request.headers.authorization === `Bearer ${token}`
    const [, exchanged] = /^\/-\/npm\/v1\/oidc\/token\/exchange\/package\/(.+)$/.exec(pathname) ?? []
    const [, toStage] = /^\/-\/stage\/package\/(.+)$/.exec(pathname) ?? []
    if (pathname === '/id-token')
      return is('request-token') && searchParams.get('audience') === 'npm:127.0.0.1'
        ? [200, { value: ID_TOKEN }]
        : [401, {}]
    if (exchanged !== undefined) return is(ID_TOKEN) ? [201, { token: 'stage-only' }] : [401, {}]
    if (toStage !== undefined) {
      if (!is('stage-only')) return [401, {}]
      const submission = (await json(request)) as Submission
      if (staged.has(submission.name)) return [409, { error: 'This version is staged already.' }]
      staged.set(submission.name, submission)
      return [201, { stageId: '1' }]
    }
    if (request.method !== 'GET') return [403, { error: 'This workflow may only stage.' }]
    const name = decodeURIComponent(pathname.slice(1))
    const [path = '', isTarball] = name.split('/-/')
    const found = published.get(path)
    if (found === undefined) return [404, {}]
    return [200, isTarball === undefined ? found : bytesOf(found)]
  }

  const server = createServer((request, response) => {
    void respond(request).then(([status, body]) => {
      if (request.method !== 'GET') calls.push(`${request.method ?? ''} ${request.url ?? ''} ${status}`)
      response.writeHead(status).end(Buffer.isBuffer(body) ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    idTokenVariables: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}id-token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    },
    calls,
    staged: () => new Map([...staged].map(([name, submission]) => [name, bytesOf(submission)])),
    approve() {
      for (const [name, submission] of staged) published.set(name, submission)
      staged.clear()
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
