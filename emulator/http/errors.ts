import type { Answer } from './response-data.ts'
import { requestId } from './identifiers.ts'

/** The new gateway says no. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string
  readonly #more: object

  constructor(status: number, code: string, message: string, more: object = {}) {
    super(message)
    this.status = status
    this.code = code
    this.#more = more
  }

  answer(): Answer {
    return {
      status: this.status,
      body: { code: this.code, requestid: requestId(), message: this.message, ...this.#more },
    }
  }
}

/** The old gateway says no, with HTTP 200. */
export class OapiRefusal extends Error {
  override readonly name = 'OapiRefusal'
  readonly errcode: number
  readonly #more: object

  constructor(errcode: number, errmsg: string, more: object = {}) {
    super(errmsg)
    this.errcode = errcode
    this.#more = more
  }

  answer(): Answer {
    return {
      status: 200,
      body: {
        errcode: this.errcode,
        errmsg: this.message,
        ...this.#more,
        request_id: requestId().toLowerCase(),
      },
    }
  }
}

/** OSS says no, in XML. */
export class OssRefusal extends Error {
  override readonly name = 'OssRefusal'
  readonly status: number
  readonly code: string
  /** Whether it says so without waiting for the body to end, and then hangs up. */
  readonly atOnce: boolean

  constructor(status: number, code: string, message: string, atOnce = false) {
    super(message)
    this.status = status
    this.code = code
    this.atOnce = atOnce
  }

  answer(): Answer {
    const id = requestId().replaceAll('-', '').slice(0, 24)
    return {
      status: this.status,
      headers: {
        'content-type': 'application/xml',
        'x-oss-request-id': id,
        ...(this.atOnce ? { connection: 'close' } : {}),
      },
      body: ossErrorXml(this.code, this.message, id),
    }
  }
}

export function ossErrorXml(code: string, message: string, id: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${code}</Code>\n  <Message>${message}</Message>\n` +
    `  <RequestId>${id}</RequestId>\n  <HostId>lippi-space-zjk.oss-cn-zhangjiakou.aliyuncs.com</HostId>\n</Error>\n`
  )
}

/** An input that the new gateway refuses. @param name of the parameter */
export function paramError(name: string, why = 'is not valid'): Refusal {
  return new Refusal(400, `paramError.${name}`, `参数错误: ${name} ${why}`)
}

/** Every scope is there, but the user may not do this. */
export function permissionDenied(what: string): Refusal {
  return new Refusal(403, 'permissionDenied', `没有权限: ${what}`)
}
