import type { IncomingMessage } from 'node:http'
import { OssError } from '../http/errors.ts'
import { requestId } from '../http/identifiers.ts'
import {
  chunksOf,
  type Matcher,
  type RecordedRequest,
  type RequestHandler,
  type ResponseData,
} from '../http/request.ts'
import type { Settings } from '../modes.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'
import { uploadNotFound, type AuthorizedPut, type Oss } from './oss.ts'

type PutSettings = Pick<Settings, 'storageAnswers' | 'etag' | 'maxPuts'>

/** Matches PUTs of files and of parts, and counts those in progress. */
export class Puts {
  readonly match: Matcher
  #underWay = 0
  #peak = 0

  constructor(oss: Oss, objects: ObjectStore, settings: PutSettings) {
    this.match = (request, url, response) => {
      if (request.method !== 'PUT') return { operation: 'unknown', handler: accessDenied }
      this.#peak = Math.max(this.#peak, ++this.#underWay)
      response.once('close', () => this.#underWay--)
      const isTooMany = this.#underWay > settings.maxPuts
      return {
        operation: url.searchParams.has('uploadId') ? 'putPart' : 'put',
        handler: (recorded) =>
          isTooMany
            ? slowDown(request, recorded)
            : putHandler(oss, objects, settings, request, recorded, url),
      }
    }
  }

  /** The largest number of PUTs at the same time. */
  get peakParallelPuts(): number {
    return this.#peak
  }
}

/** Reads the whole body first, so that the sender certainly reads the response. */
function slowDown(request: IncomingMessage, recorded: RecordedRequest): RequestHandler {
  return {
    receive: () => skipBytes(chunksOf(request, recorded), recorded, Infinity),
    perform: () => new OssError(503, 'SlowDown', 'Please reduce your request rate.').response(),
  }
}

function accessDenied(): RequestHandler {
  return {
    receive: async () => {},
    perform: () => new OssError(403, 'AccessDenied', 'AccessDenied').response(),
  }
}

function putHandler(
  oss: Oss,
  objects: ObjectStore,
  settings: PutSettings,
  request: IncomingMessage,
  recorded: RecordedRequest,
  { pathname: path, searchParams: query }: URL,
): RequestHandler {
  let put: AuthorizedPut | undefined
  let error: OssError | undefined
  let object: StoredObject | undefined
  return {
    async receive({ discard = false, afterBytes = Infinity, corrupt }) {
      try {
        put = oss.authorize({ method: request.method ?? '', path, query, headers: request.headers })
      } catch (thrown) {
        if (!(thrown instanceof OssError)) throw thrown
        error = thrown
      }
      const chunks = chunksOf(request, recorded)
      if (put && !discard) object = await objects.write(chunks, put.size, corrupt)
      else if (error?.early !== true) await skipBytes(chunks, recorded, afterBytes)
    },
    perform() {
      if (error) return error.response()
      if (!put || !object) throw new Error('the bytes have not been received')
      return store(put, object, settings)
    },
  }
}

function store(
  { upload, partNumber }: AuthorizedPut,
  object: StoredObject,
  settings: PutSettings,
): ResponseData {
  if (partNumber === undefined) {
    if (!upload.used) upload.object?.remove()
    upload.object = object
  } else {
    if (upload.uploadId === undefined) {
      // The upload was completed while this part was transferred.
      object.remove()
      return uploadNotFound().response()
    }
    upload.parts.get(partNumber)?.remove()
    upload.parts.set(partNumber, object)
  }
  if (settings.storageAnswers === 'plain') return { status: 200 }
  const { md5 } = object
  return {
    status: 200,
    headers: {
      server: 'AliyunOSS',
      etag: `"${md5.toUpperCase()}${settings.etag === 'md5' ? '' : '-1'}"`,
      'content-md5': Buffer.from(md5, 'hex').toString('base64'),
      'x-oss-request-id': requestId().replaceAll('-', '').slice(0, 24),
    },
  }
}

/** Reads and drops the body until `afterBytes` bytes were received, or to its end. */
async function skipBytes(
  chunks: AsyncGenerator<Uint8Array>,
  recorded: RecordedRequest,
  afterBytes: number,
): Promise<void> {
  while (recorded.bytesReceived < afterBytes) if ((await chunks.next()).done === true) return
}
