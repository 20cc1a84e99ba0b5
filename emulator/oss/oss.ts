import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { OssError, PlainError } from '../http/errors.ts'
import { opaque, secret } from '../http/identifiers.ts'
import type { Settings } from '../modes.ts'
import { MAX_PARTS, type Upload, type Uploads } from './uploads.ts'

/** Maximum size of one PUT, in bytes. */
export const MAX_PUT = 5 * 1024 ** 3
const BUCKET = 'lippi-space-zjk'
/** Port 1 of loopback: it refuses connections, and no request leaves the machine. */
const DEAD_ORIGIN = 'http://127.0.0.1:1'

interface OssOptions extends Pick<Settings, 'signing' | 'signatureLifetime' | 'deadResourceHosts'> {
  clock: () => number
  uploads: Uploads
  /** The origins that OSS listens on; filled once it listens. */
  origins: readonly string[]
}

/** The URLs and headers for a PUT. */
export interface HeaderSignatureInfo {
  resourceUrls: string[]
  headers: Record<string, string>
  expirationSeconds: number
  region: string
  internalResourceUrls: string[]
}

/** The parts of a PUT that its signature covers. */
export interface PutRequest {
  readonly method: string
  /** Decoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

/** A PUT whose signature, size and target are valid. */
export interface AuthorizedPut {
  upload: Upload
  /** Absent for a plain PUT. */
  partNumber?: number
  /** bytes */
  size: number
}

/** Creates and checks signatures (version 1) of requests to the object storage. */
export class Oss {
  readonly #options: OssOptions
  readonly #accessKeyId = `LTAI5t${opaque(18)}`
  readonly #accessKeySecret = opaque(30)
  /** The tokens of dedicated storage, with their expiry in ms since the epoch. */
  readonly #tokens = new Map<string, number>()
  /** All signatures and tokens issued so far. */
  readonly issued = new Set<string>()

  constructor(options: OssOptions) {
    this.#options = options
  }

  /** Signs a PUT of an upload's object, or of one part of it. */
  headerSignatureInfo({ objectKey, uploadId, region }: Upload, partNumber?: number): HeaderSignatureInfo {
    const { clock, deadResourceHosts, origins, signatureLifetime, signing } = this.#options
    const now = clock()
    const query = new URLSearchParams(
      partNumber === undefined ? {} : { partNumber: String(partNumber), uploadId: uploadId ?? '' },
    )
    const path = `/${BUCKET}/${objectKey}`
    const headers: Record<string, string> = {}
    if (signing === 'headers') {
      headers['x-oss-date'] = new Date(now).toUTCString()
      const signature = this.#signature({ method: 'PUT', path, query, headers }, headers['x-oss-date'])
      this.issued.add(signature)
      headers['Authorization'] = `OSS ${this.#accessKeyId}:${signature}`
    } else if (signing === 'token') {
      const token = secret(40, 'token')
      this.#tokens.set(token, now + signatureLifetime * 1000)
      this.issued.add(token)
      headers['dentry-token'] = token
    } else {
      const expires = String(Math.floor(now / 1000) + signatureLifetime)
      const signature = this.#signature({ method: 'PUT', path, query, headers }, expires)
      query.set('Expires', expires)
      query.set('OSSAccessKeyId', this.#accessKeyId)
      query.set('Signature', signature)
      this.issued.add(signature)
    }
    const search = query.size > 0 ? `?${query.toString()}` : ''
    const dead = Array<string>(deadResourceHosts).fill(DEAD_ORIGIN)
    return {
      resourceUrls: [...dead, ...origins].slice(0, 10).map((origin) => `${origin}${path}${search}`),
      headers,
      expirationSeconds: signatureLifetime,
      region,
      internalResourceUrls: [`${DEAD_ORIGIN}${path}${search}`],
    }
  }

  /** Checks a PUT. @throws OssError if OSS would reject it */
  authorize(request: PutRequest): AuthorizedPut {
    const { query, headers } = request
    this.#checkSignature(request)
    if (headers['content-length'] === undefined)
      throw new OssError(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.')
    const size = Number(headers['content-length'])
    if (size > MAX_PUT)
      throw new OssError(
        400,
        'EntityTooLarge',
        'Your proposed upload exceeds the maximum allowed object size.',
        true,
      )
    const upload = this.#options.uploads.byObjectKey(request.path.slice(BUCKET.length + 2))
    const uploadId = query.get('uploadId')
    if (!upload) throw uploadNotFound()
    if (uploadId === null) return { upload, size }
    if (upload.uploadId !== uploadId) throw uploadNotFound()
    const partNumber = Number(query.get('partNumber'))
    if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PARTS)
      throw new OssError(400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000.')
    return { upload, partNumber, size }
  }

  #checkSignature(request: PutRequest): void {
    const { query, headers } = request
    const now = this.#options.clock()
    if (this.#options.signing === 'token') {
      const expires = this.#tokens.get(String(headers['dentry-token']))
      if (expires === undefined || expires < now) throw new PlainError(expires === undefined ? 403 : 401)
      return
    }
    let given: string | undefined
    let keyId: string | undefined
    let date: string
    if (query.has('Signature')) {
      given = query.get('Signature') ?? ''
      keyId = query.get('OSSAccessKeyId') ?? ''
      date = query.get('Expires') ?? ''
      if (!(now / 1000 <= Number(date))) throw new OssError(403, 'AccessDenied', 'Request has expired.')
    } else {
      const authorization = /^OSS ([^:]+):(.+)$/.exec(headers.authorization ?? '')
      if (!authorization)
        throw new OssError(403, 'AccessDenied', 'Anonymous access is forbidden for this operation.')
      keyId = authorization[1]
      given = authorization[2]
      date = String(headers['x-oss-date'] ?? headers.date ?? '')
      const signed = Date.parse(date)
      if (Number.isNaN(signed))
        throw new OssError(403, 'AccessDenied', 'OSS authentication requires a valid Date.')
      if (Math.abs(now - signed) > this.#options.signatureLifetime * 1000)
        throw new OssError(
          403,
          'RequestTimeTooSkewed',
          'The difference between the request time and the current time is too large.',
        )
    }
    if (keyId !== this.#accessKeyId)
      throw new OssError(
        403,
        'InvalidAccessKeyId',
        'The OSS Access Key Id you provided does not exist in our records.',
      )
    if (!equal(given ?? '', this.#signature(request, date)))
      throw new OssError(
        403,
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      )
  }

  /** @param date the time of the request; for a signed URL, its expiry */
  #signature({ method, path, query, headers }: PutRequest, date: string): string {
    const ossHeaders = Object.entries(headers)
      .filter(([name]) => name.startsWith('x-oss-'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}:${String(value).trim()}\n`)
      .join('')
    const subresources = SUBRESOURCES.filter((name) => query.has(name))
      .map((name) => (query.get(name) ? `${name}=${query.get(name) ?? ''}` : name))
      .join('&')
    const stringToSign = [
      method,
      headers['content-md5'] ?? '',
      headers['content-type'] ?? '',
      date,
      `${ossHeaders}${path}${subresources === '' ? '' : `?${subresources}`}`,
    ].join('\n')
    return createHmac('sha1', this.#accessKeySecret).update(stringToSign).digest('base64')
  }
}

export function uploadNotFound(): OssError {
  return new OssError(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  )
}

/** The query parameters of a PUT that are part of the signature, sorted. */
const SUBRESOURCES = ['partNumber', 'security-token', 'uploadId']

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
