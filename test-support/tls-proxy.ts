import { readFileSync } from 'node:fs'
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const pem = (name: string) => join(import.meta.dirname, 'tls', `${name}.pem`)

/** For `NODE_EXTRA_CA_CERTS`: of `*.dingtalk.invalid` and `*.github.invalid`, self-signed. Its key is no secret. */
export const CERTIFICATE = pem('certificate')

/** A proxy that opens tunnels, and the TLS servers behind it. */
export interface TlsProxy {
  readonly url: string
  /** The targets of the requested tunnels, in order. */
  readonly tunnels: string[]
  /** The name of each TLS connection, in order, and whether it resumed the session of an earlier one. */
  readonly sessions: { name: string; isResumed: boolean }[]
  close(): Promise<void>
}

/**
 * Starts a proxy that is the only way to several host names that don't exist.
 *
 * @param origins the loopback server for each name; another name leads to the port of the same number, and ports in responses are
 *   replaced by names
 * @param storage the name for ports in responses
 */
export async function startTlsProxy(
  origins: Readonly<Record<string, string>>,
  storage: string,
): Promise<TlsProxy> {
  const tunnels: string[] = []
  const sessions: TlsProxy['sessions'] = []
  const options = { key: readFileSync(pem('key')), cert: readFileSync(CERTIFICATE) }
  const servers = createTlsServer(options, (request, response) => {
    const { hostname, port } = new URL(`https://${request.headers.host ?? ''}`)
    void relay(request, response, origins[hostname] ?? `http://127.0.0.1:${port}`, storage)
  })
  servers.on('secureConnection', (socket) => {
    sessions.push({ name: String(socket.servername), isResumed: socket.isSessionReused() })
  })
  const proxy = createServer((_request, response) => response.writeHead(400).end()).on(
    'connect',
    (request, socket) => {
      tunnels.push(request.url ?? '')
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      servers.emit('connection', socket)
    },
  )
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    tunnels,
    sessions,
    close: async () => {
      servers.closeAllConnections()
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

async function relay(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  storage: string,
): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const upstream = forward(new URL(request.url ?? '', origin), {
      method: request.method,
      headers: { ...request.headers, host: new URL(origin).host },
    })
    request.pipe(upstream.once('response', resolve).once('error', reject))
  })
  const named = (url: string) => url.replaceAll(/http:\/\/127\.0\.0\.1:(\d+)/g, `https://${storage}:$1`)
  const { location, 'transfer-encoding': chunked } = answer.headers
  const body = named(await text(answer))
  response.writeHead(answer.statusCode ?? 500, {
    ...answer.headers,
    ...(!chunked && { 'content-length': Buffer.byteLength(body) }),
    ...(location && { location: named(location) }),
  })
  response.end(body)
}
