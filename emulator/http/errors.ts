import { requestId } from './identifiers.ts'
import type { ResponseData } from './request.ts'

/** An error response of the new gateway. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly status: number
  readonly code: string
  readonly #more: object

  constructor(status: number, code: string, message: string, more: object = {}) {
    super(message)
    this.status = status
    this.code = code
    this.#more = more
  }

  /** @param code in the platform's spelling */
  response(code = this.code): ResponseData {
    return {
      status: this.status,
      body: { code, requestid: requestId(), message: this.message, ...this.#more },
    }
  }
}

/** An error response of the old gateway, which has HTTP status 200. */
export class OapiError extends Error {
  override readonly name = 'OapiError'
  readonly errcode: number
  readonly #more: object

  constructor(errcode: number, errmsg: string, more: object = {}) {
    super(errmsg)
    this.errcode = errcode
    this.#more = more
  }

  response(): ResponseData {
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

/** An error response of OSS, which is XML. */
export class OssError extends Error {
  override readonly name = 'OssError'
  readonly status: number
  readonly code: string
  /** Whether OSS responds before it reads the body, and closes the connection. */
  readonly early: boolean

  constructor(status: number, code: string, message: string, early = false) {
    super(message)
    this.status = status
    this.code = code
    this.early = early
  }

  response(): ResponseData {
    const id = requestId().replaceAll('-', '').slice(0, 24)
    return {
      status: this.status,
      headers: {
        'content-type': 'application/xml',
        'x-oss-request-id': id,
        ...(this.early ? { connection: 'close' } : {}),
      },
      body: ossErrorXml(this.code, this.message, id),
    }
  }
}

/** An error response of storage that is not OSS: only a status. */
export class PlainError extends OssError {
  constructor(status: number) {
    super(status, '', '')
  }

  override response(): ResponseData {
    return { status: this.status }
  }
}

export function ossErrorXml(code: string, message: string, id: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${code}</Code>\n  <Message>${message}</Message>\n` +
    `  <RequestId>${id}</RequestId>\n  <HostId>lippi-space-zjk.oss-cn-zhangjiakou.aliyuncs.com</HostId>\n</Error>\n`
  )
}

/** A parameter is missing or not valid. @param name of the parameter */
export function paramError(name: string, why = 'is not valid'): GatewayError {
  return new GatewayError(400, `paramError.${name}`, `参数错误: ${name} ${why}`)
}

/** The app has the scope, but the user lacks the right. */
export function permissionDenied(what: string): GatewayError {
  return new GatewayError(403, 'permissionDenied', `没有权限: ${what}`)
}
