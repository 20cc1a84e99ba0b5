import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestListener } from '../http/listener.ts'
import type { Server } from '../http/operation.ts'
import {
  record,
  type Matcher,
  type RecordedRequest,
  type RequestHandler,
  type ResponseData,
} from '../http/request.ts'
import { BREAKAGES, echo } from './broken.ts'
import { responseOf } from './fault.ts'
import type { FaultSchedule } from './schedule.ts'

export interface ResponderOptions {
  clock: () => number
  faults: FaultSchedule
  /** ms before every response of a gateway */
  latency: number
  /** Aborts every wait. */
  closing: AbortSignal
  /** Receives the record of every request. */
  requests: RecordedRequest[]
}

/** Records every request to a server, and responds to it: with the response of its handler, or with a fault. */
export function requestListener(server: Server, match: Matcher, options: ResponderOptions): RequestListener {
  return (request, response, url) => {
    const { operation, handler } = match(request, url, response)
    const recorded = record(server, operation, request)
    options.requests.push(recorded)
    response.once('close', () => (recorded.ended = true))
    respond(options, recorded, response, handler(recorded)).catch((error: unknown) => {
      // The client has disconnected, or the emulator is closing.
      if (!request.complete || response.destroyed || options.closing.aborted) return
      console.error(error)
      response.writeHead(500).end()
    })
  }
}

async function respond(
  { clock, faults, latency, closing: signal }: ResponderOptions,
  recorded: RecordedRequest,
  response: ServerResponse,
  handler: RequestHandler,
): Promise<void> {
  const head = ({ status, headers, body = '' }: ResponseData) => {
    recorded.status = status
    response.statusCode = status
    // By the emulator's clock: clients compare it with the times in the responses.
    response.setHeader('date', new Date(clock()).toUTCString())
    const isText = typeof body === 'string'
    if (!isText) response.setHeader('content-type', 'application/json;charset=utf-8')
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
    return Buffer.from(isText ? body : JSON.stringify(body))
  }
  const send = (data: ResponseData) => {
    const body = head(data)
    response.setHeader('content-length', body.length)
    response.end(body)
  }
  const executed = async (corrupt = false) => {
    await handler.receive({ corrupt })
    return handler.perform()
  }
  const fault = faults.next(recorded.operation)
  if (latency > 0 && recorded.server !== 'oss') await sleep(latency, undefined, { signal })
  if (!fault) {
    send(await executed())
    return
  }
  const notify = () => {
    faults.notify(fault, recorded)
  }
  const { play } = fault
  switch (play.kind) {
    case 'answer':
      notify()
      await handler.receive({ discard: true })
      send(responseOf(play, recorded.server))
      break
    case 'answer-after':
      notify()
      await executed()
      send(responseOf(play, recorded.server))
      break
    case 'cut-before':
      await handler.receive({ discard: true, afterBytes: play.afterBytes ?? 0 })
      notify()
      response.socket?.destroy()
      break
    case 'cut-after':
      await executed()
      notify()
      response.socket?.destroy()
      break
    case 'cut-in-body': {
      const body = head(await executed())
      // Even an empty body is announced as longer than what is sent.
      response.setHeader('content-length', Math.max(body.length, 2))
      response.flushHeaders()
      response.write(body.subarray(0, body.length / 2), () => {
        notify()
        response.socket?.destroy()
      })
      break
    }
    case 'hang':
      await handler.receive({ discard: true, afterBytes: play.afterBytes ?? Infinity })
      notify()
      break
    case 'hang-after':
      await executed()
      notify()
      break
    case 'corrupt':
      notify()
      send(await executed(true))
      break
    case 'broken': {
      const data = await executed()
      notify()
      send(BREAKAGES[play.how](data))
      break
    }
    case 'echo':
      await handler.receive({ discard: true })
      notify()
      send(echo(recorded, play.status, play.as))
      break
    case 'drip': {
      const body = head(await executed())
      response.flushHeaders()
      notify()
      for (let at = 0; !response.destroyed; at++) {
        response.write(at < body.length ? body.subarray(at, at + 1) : ' ')
        await sleep(1000, undefined, { signal })
      }
      break
    }
    case 'delay':
      notify()
      await sleep(play.ms, undefined, { signal })
      send(await executed())
      break
  }
}
