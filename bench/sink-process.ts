// A stand-in for OSS that discards the bytes. It knows only PUT and multipart uploads.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { SinkRecord } from './sink.ts'

interface Transfer {
  first: number | undefined
  last: number
  bytes: number
  puts: number
  largestPut: number
  sockets: Set<Socket>
}

const transfers = new Map<string, Transfer>()

function transferOf(id: string): Transfer {
  let transfer = transfers.get(id)
  if (!transfer) {
    transfer = { first: undefined, last: 0, bytes: 0, puts: 0, largestPut: 0, sockets: new Set() }
    transfers.set(id, transfer)
  }
  return transfer
}

const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  if (request.method === 'PUT') receive(transferOf(pathname.split('/')[1] ?? ''), request, response)
  else if (searchParams.has('uploads')) {
    xml(request, response, 'InitiateMultipartUploadResult', '<UploadId>1</UploadId>')
  } else xml(request, response, 'CompleteMultipartUploadResult', '<ETag>"stored"</ETag>')
})

function receive(transfer: Transfer, request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0
  transfer.puts++
  transfer.sockets.add(request.socket)
  request.on('data', (chunk: Buffer) => {
    transfer.first ??= performance.now()
    bytes += chunk.length
  })
  request.on('end', () => {
    transfer.last = performance.now()
    transfer.bytes += bytes
    transfer.largestPut = Math.max(transfer.largestPut, bytes)
    // Not an MD5: the benchmark measures the sender, not how fast this server hashes.
    response.writeHead(200, { etag: '"stored"', 'content-length': 0 }).end()
  })
}

function xml(request: IncomingMessage, response: ServerResponse, root: string, content: string): void {
  request.resume().on('end', () => {
    const names = '<Bucket>bench</Bucket><Key>object</Key>'
    response.setHeader('content-type', 'application/xml')
    response.end(`<?xml version="1.0" encoding="UTF-8"?><${root}>${names}${content}</${root}>`)
  })
}

process.on('message', (id: string) => {
  const { first, last, sockets, ...counts } = transferOf(id)
  transfers.delete(id)
  const { user, system } = process.cpuUsage()
  const record: SinkRecord = {
    ...counts,
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
