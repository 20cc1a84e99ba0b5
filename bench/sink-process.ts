// A stand-in for OSS that discards the bytes. It knows only PUT and multipart uploads.
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { credentials } from './certificate.ts'
import type { SinkOptions, SinkRecord } from './sink.ts'

const { certificate, maxPuts = Infinity } = JSON.parse(process.argv[2] ?? '') as SinkOptions

interface Transfer {
  first: number | undefined
  last: number
  /** The size of each object, or part of one, by its URL. */
  stored: Map<string, number>
  puts: number
  refused: number
  active: number
  largestPut: number
  sockets: Set<Socket>
}

const transfers = new Map<string, Transfer>()

function transferOf(id: string): Transfer {
  let transfer = transfers.get(id)
  if (!transfer) {
    transfer = {
      first: undefined,
      last: 0,
      stored: new Map(),
      puts: 0,
      refused: 0,
      active: 0,
      largestPut: 0,
      sockets: new Set(),
    }
    transfers.set(id, transfer)
  }
  return transfer
}

const answer = (request: IncomingMessage, response: ServerResponse) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  if (request.method === 'PUT') receive(transferOf(pathname.split('/')[1] ?? ''), request, response)
  else if (searchParams.has('uploads')) {
    xml(request, response, 'InitiateMultipartUploadResult', names('<UploadId>1</UploadId>'))
  } else xml(request, response, 'CompleteMultipartUploadResult', names('<ETag>"stored"</ETag>'))
}

const OPTIONS = { requestTimeout: 0, keepAliveTimeout: 60_000 }
const server = certificate
  ? createHttpsServer({ ...OPTIONS, ...credentials(certificate) }, answer)
  : createHttpServer(OPTIONS, answer)

function receive(transfer: Transfer, request: IncomingMessage, response: ServerResponse): void {
  transfer.sockets.add(request.socket)
  if (transfer.active >= maxPuts) {
    transfer.refused++
    refuse(request, response)
    return
  }
  let bytes = 0
  transfer.active++
  request.on('data', (chunk: Buffer) => {
    transfer.first ??= performance.now()
    bytes += chunk.length
  })
  request.on('end', () => {
    transfer.last = performance.now()
    transfer.puts++
    transfer.stored.set(request.url ?? '', bytes)
    transfer.largestPut = Math.max(transfer.largestPut, bytes)
    // Not an MD5: the benchmark measures the sender, not how fast this server hashes.
    response.writeHead(200, { etag: '"stored"', 'content-length': 0 }).end()
  })
  request.on('close', () => transfer.active--)
}

/** Responds immediately, as OSS does, and keeps reading, because the client decides whether to send the rest. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  const body =
    '<Code>SlowDown</Code><Message>Please reduce your request rate.</Message><RequestId>1</RequestId>'
  response.writeHead(503, { 'content-type': 'application/xml' })
  response.end(document('Error', body))
}

function xml(request: IncomingMessage, response: ServerResponse, root: string, content: string): void {
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/xml')
    response.end(document(root, content))
  })
}

function document(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${root}>${content}</${root}>`
}

function names(content: string): string {
  return `<Bucket>bench</Bucket><Key>object</Key>${content}`
}

process.on('message', (id: string) => {
  const { first, last, sockets, stored, puts, refused, largestPut } = transferOf(id)
  transfers.delete(id)
  const { user, system } = process.cpuUsage()
  const record: SinkRecord = {
    bytes: [...stored.values()].reduce((sum, bytes) => sum + bytes, 0),
    puts,
    refused,
    largestPut,
    transfer: (last - (first ?? last)) / 1000,
    connections: sockets.size,
    cpu: (user + system) / 1e6,
  }
  process.send?.(record)
})
process.once('disconnect', () => {
  process.exit()
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
