import type { IncomingMessage } from 'node:http'
import { chunksOf } from '../http/body.ts'
import { OssError } from '../http/errors.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { RequestHandler, Matcher } from '../http/request-handler.ts'
import type { ObjectStore } from './object-store.ts'
import type { Oss } from './oss.ts'
import { putHandler, skipBytes, type EtagForm } from './put-handler.ts'

/** Distinguishes a plain PUT from a part, and counts the PUTs under way. */
export class PutMatcher {
  readonly match: Matcher
  #underWay = 0
  #peakParallelPuts = 0

  /** @param maxPuts how many it receives at once; any further one is refused with `SlowDown` */
  constructor(oss: Oss, objects: ObjectStore, etag: EtagForm, maxPuts = Infinity) {
    this.match = (request, url, response) => {
      if (request.method !== 'PUT') return { operation: 'unknown', handler: accessDenied }
      this.#peakParallelPuts = Math.max(this.#peakParallelPuts, ++this.#underWay)
      response.once('close', () => this.#underWay--)
      const isTooMany = this.#underWay > maxPuts
      const query = url.searchParams
      return {
        operation: query.has('uploadId') ? 'putPart' : 'put',
        handler: (recorded) =>
          isTooMany
            ? slowDown(request, recorded)
            : putHandler(oss, objects, etag, request, recorded, { path: url.pathname, query }),
      }
    }
  }

  /** The largest number of PUTs that were under way at once. */
  get peakParallelPuts(): number {
    return this.#peakParallelPuts
  }
}

/** Reads the whole body all the same, as OSS may: only then the sender certainly reads the response. */
function slowDown(request: IncomingMessage, recorded: RecordedRequest): RequestHandler {
  return {
    receive: () => skipBytes(chunksOf(request, recorded), recorded, Infinity),
    perform: () => new OssError(503, 'SlowDown', 'Please reduce your request rate.').response(),
  }
}

/** Denies every method other than PUT. */
function accessDenied(): RequestHandler {
  return {
    receive: async () => {},
    perform: () => new OssError(403, 'AccessDenied', 'AccessDenied').response(),
  }
}
