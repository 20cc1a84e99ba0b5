import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from '../http/response-data.ts'
import { answerOf, type Fault, type Play } from './fault.ts'
import type { Faults } from './schedule.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Action } from '../http/request-handler.ts'

export interface ExchangeOptions {
  clock: () => number
  faults: Faults
  /** Before the answer of a gateway, in ms. */
  latency: number
  /** Ends every wait. */
  closing: AbortSignal
  /** Of all requests, in order of arrival. */
  requests: RecordedRequest[]
}

/** One request and what comes of it: the action's own answer, unless a fault is to be played. */
export class Exchange {
  readonly #options: ExchangeOptions
  readonly #recorded: RecordedRequest
  readonly #response: ServerResponse
  readonly #action: Action

  constructor(options: ExchangeOptions, recorded: RecordedRequest, response: ServerResponse, action: Action) {
    this.#options = options
    this.#recorded = recorded
    this.#response = response
    this.#action = action
  }

  async run(): Promise<void> {
    const fault = this.#options.faults.next(this.#action.operation)
    const { latency, closing } = this.#options
    if (latency > 0 && this.#recorded.server !== 'oss') await sleep(latency, undefined, { signal: closing })
    if (fault) await this.#play(fault, fault.play)
    else await this.#answer()
  }

  async #answer(corrupt = false): Promise<void> {
    await this.#action.receive({ corrupt })
    this.#send(this.#action.perform())
  }

  async #play(fault: Fault, play: Play): Promise<void> {
    const action = this.#action
    const begin = () => {
      this.#options.faults.begin(fault, this.#recorded)
    }
    switch (play.kind) {
      case 'answer':
        begin()
        await action.receive({ lose: true })
        this.#send(answerOf(play, this.#recorded.server))
        break
      case 'answer-after':
        begin()
        await action.receive({})
        action.perform()
        this.#send(answerOf(play, this.#recorded.server))
        break
      case 'cut-before':
        await action.receive({ lose: true, after: play.afterBytes ?? 0 })
        begin()
        this.#cut()
        break
      case 'cut-after':
        await action.receive({})
        action.perform()
        begin()
        this.#cut()
        break
      case 'cut-in-body':
        await action.receive({})
        this.#sendHalf(action.perform(), begin)
        break
      case 'hang':
        await action.receive({
          lose: true,
          ...(play.afterBytes === undefined ? {} : { after: play.afterBytes }),
        })
        begin()
        break
      case 'hang-after':
        await action.receive({})
        action.perform()
        begin()
        break
      case 'corrupt':
        begin()
        await this.#answer(true)
        break
      case 'delay':
        begin()
        await sleep(play.ms, undefined, { signal: this.#options.closing })
        await this.#answer()
        break
    }
  }

  #send(answer: Answer): void {
    const body = this.#head(answer)
    this.#response.setHeader('content-length', body.length)
    this.#response.end(body)
  }

  /** The length is told as it would have been; an answer without a body is told to have one. */
  #sendHalf(answer: Answer, begin: () => void): void {
    const body = this.#head(answer)
    this.#response.setHeader('content-length', Math.max(body.length, 2))
    this.#response.flushHeaders()
    this.#response.write(body.subarray(0, body.length / 2), () => {
      begin()
      this.#cut()
    })
  }

  #head({ status, headers, body = '' }: Answer): Buffer {
    this.#recorded.status = status
    this.#response.statusCode = status
    // By the emulator's clock: clients compare it with the times in the answers.
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
