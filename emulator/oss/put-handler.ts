import type { IncomingMessage } from 'node:http'
import { chunksOf } from '../http/body.ts'
import { OssRefusal } from '../http/errors.ts'
import { requestId } from '../http/identifiers.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Action } from '../http/request-handler.ts'
import type { Answer } from '../http/response-data.ts'
import type { Objects, StoredObject } from './object-store.ts'
import { noSuchUpload, type Admitted, type Oss } from './oss.ts'

/** An object, or a part of one, that is put. */
export function putAction(
  oss: Oss,
  objects: Objects,
  etag: 'md5' | 'opaque',
  request: IncomingMessage,
  recorded: RecordedRequest,
  { path, query }: { path: string; query: URLSearchParams },
): Action {
  let admitted: Admitted | undefined
  let refusal: OssRefusal | undefined
  let object: StoredObject | undefined
  return {
    operation: recorded.operation,
    async receive({ lose = false, after = Infinity, corrupt }) {
      try {
        admitted = oss.admit({ method: request.method ?? '', path, query, headers: request.headers })
      } catch (error) {
        if (!(error instanceof OssRefusal)) throw error
        refusal = error
      }
      const chunks = chunksOf(request, recorded)
      if (admitted && !lose) object = await objects.write(chunks, admitted.size, corrupt)
      else if (refusal?.atOnce !== true) await pastBytes(chunks, recorded, after)
    },
    perform() {
      if (refusal) return refusal.answer()
      if (!admitted || !object) throw new Error('the bytes have not been received')
      return store(admitted, object, etag)
    },
  }
}

function store({ upload, partNumber }: Admitted, object: StoredObject, etag: 'md5' | 'opaque'): Answer {
  if (partNumber === undefined) {
    if (!upload.used) upload.object?.remove()
    upload.object = object
  } else {
    if (upload.uploadId === undefined) {
      // Completed while this part was on its way.
      object.remove()
      return noSuchUpload().answer()
    }
    upload.parts.get(partNumber)?.remove()
    upload.parts.set(partNumber, object)
  }
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

/** Reads on until so many bytes have come, or all. */
async function pastBytes(
  chunks: AsyncGenerator<Uint8Array>,
  recorded: RecordedRequest,
  after: number,
): Promise<void> {
  while (recorded.bytesReceived < after) if ((await chunks.next()).done === true) return
}
