import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { RequestHandler } from '../http/request-handler.ts'
import type { ResponseData } from '../http/response-data.ts'
import { BREAKAGES, echo } from './broken.ts'
import { responseOf, type Fault, type Play } from './fault.ts'
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

/** Responds to one request: with the response of its handler, or with a fault. */
export class Responder {
  readonly #options: ResponderOptions
  readonly #recorded: RecordedRequest
  readonly #response: ServerResponse
  readonly #handler: RequestHandler

  constructor(
    options: ResponderOptions,
    recorded: RecordedRequest,
    response: ServerResponse,
    handler: RequestHandler,
  ) {
    this.#options = options
    this.#recorded = recorded
    this.#response = response
    this.#handler = handler
  }

  async run(): Promise<void> {
    const fault = this.#options.faults.next(this.#recorded.operation)
    const { latency, closing } = this.#options
    if (latency > 0 && this.#recorded.server !== 'oss') await sleep(latency, undefined, { signal: closing })
    if (fault) await this.#play(fault, fault.play)
    else await this.#respond()
  }

  async #respond(corrupt = false): Promise<void> {
    await this.#handler.receive({ corrupt })
    this.#send(this.#handler.perform())
  }

  async #play(fault: Fault, play: Play): Promise<void> {
    const handler = this.#handler
    const notify = () => {
      this.#options.faults.notify(fault, this.#recorded)
    }
    switch (play.kind) {
      case 'answer':
        notify()
        await handler.receive({ discard: true })
        this.#send(responseOf(play, this.#recorded.server))
        break
      case 'answer-after':
        notify()
        await handler.receive({})
        handler.perform()
        this.#send(responseOf(play, this.#recorded.server))
        break
      case 'cut-before':
        await handler.receive({ discard: true, afterBytes: play.afterBytes ?? 0 })
        notify()
        this.#cut()
        break
      case 'cut-after':
        await handler.receive({})
        handler.perform()
        notify()
        this.#cut()
        break
      case 'cut-in-body':
        await handler.receive({})
        this.#sendHalf(handler.perform(), notify)
        break
      case 'hang':
        await handler.receive({
          discard: true,
          ...(play.afterBytes === undefined ? {} : { afterBytes: play.afterBytes }),
        })
        notify()
        break
      case 'hang-after':
        await handler.receive({})
        handler.perform()
        notify()
        break
      case 'corrupt':
        notify()
        await this.#respond(true)
        break
      case 'broken':
        await handler.receive({})
        notify()
        this.#send(BREAKAGES[play.how](handler.perform()))
        break
      case 'echo':
        await handler.receive({ discard: true })
        notify()
        this.#send(echo(this.#recorded, play.status, play.as))
        break
      case 'drip':
        await handler.receive({})
        await this.#drip(handler.perform(), notify)
        break
      case 'delay':
        notify()
        await sleep(play.ms, undefined, { signal: this.#options.closing })
        await this.#respond()
        break
    }
  }

  #send(data: ResponseData): void {
    const body = this.#head(data)
    this.#response.setHeader('content-length', body.length)
    this.#response.end(body)
  }

  /** Content-Length is that of the whole body, and at least 2 for an empty one. */
  #sendHalf(data: ResponseData, notify: () => void): void {
    const body = this.#head(data)
    this.#response.setHeader('content-length', Math.max(body.length, 2))
    this.#response.flushHeaders()
    this.#response.write(body.subarray(0, body.length / 2), () => {
      notify()
      this.#cut()
    })
  }

  /** One byte a second, and then blanks. */
  async #drip(data: ResponseData, notify: () => void): Promise<void> {
    const body = this.#head(data)
    this.#response.flushHeaders()
    notify()
    for (let at = 0; !this.#response.destroyed; at++) {
      this.#response.write(at < body.length ? body.subarray(at, at + 1) : ' ')
      await sleep(1000, undefined, { signal: this.#options.closing })
    }
  }

  #head({ status, headers, body = '' }: ResponseData): Buffer {
    this.#recorded.status = status
    this.#response.statusCode = status
    // By the emulator's clock: clients compare it with the times in the responses.
    this.#response.setHeader('date', new Date(this.#options.clock()).toUTCString())
    const isText = typeof body === 'string'
    if (!isText) this.#response.setHeader('content-type', 'application/json;charset=utf-8')
    for (const [name, value] of Object.entries(headers ?? {})) this.#response.setHeader(name, value)
    return Buffer.from(isText ? body : JSON.stringify(body))
  }

  #cut(): void {
    this.#response.socket?.destroy()
  }
}
