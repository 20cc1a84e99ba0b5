import type { IncomingMessage } from 'node:http'
import { chunksOf } from '../http/body.ts'
import { OssError } from '../http/errors.ts'
import { requestId } from '../http/identifiers.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { RequestHandler } from '../http/request-handler.ts'
import type { ResponseData } from '../http/response-data.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'
import { uploadNotFound, type AuthorizedPut, type Oss } from './oss.ts'

/** `none`: storage that is not OSS. It sends none of OSS's headers. */
export type EtagForm = 'md5' | 'opaque' | 'none'

/** Handles a PUT of an object or of a part. */
export function putHandler(
  oss: Oss,
  objects: ObjectStore,
  etag: EtagForm,
  request: IncomingMessage,
  recorded: RecordedRequest,
  { path, query }: { path: string; query: URLSearchParams },
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
      return store(put, object, etag)
    },
  }
}

function store({ upload, partNumber }: AuthorizedPut, object: StoredObject, etag: EtagForm): ResponseData {
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
  if (etag === 'none') return { status: 200 }
  const { md5 } = object
  return {
    status: 200,
    headers: {
      server: 'AliyunOSS',
      etag: etag === 'md5' ? `"${md5.toUpperCase()}"` : `"${md5.toUpperCase()}-1"`,
      'content-md5': Buffer.from(md5, 'hex').toString('base64'),
      'x-oss-request-id': requestId().replaceAll('-', '').slice(0, 24),
    },
  }
}

/** Reads and drops the body until `afterBytes` bytes were received, or to its end. */
export async function skipBytes(
  chunks: AsyncGenerator<Uint8Array>,
  recorded: RecordedRequest,
  afterBytes: number,
): Promise<void> {
  while (recorded.bytesReceived < afterBytes) if ((await chunks.next()).done === true) return
}
