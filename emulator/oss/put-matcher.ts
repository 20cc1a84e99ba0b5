import { OssError } from '../http/errors.ts'
import type { RequestHandler, Matcher } from '../http/request-handler.ts'
import type { ObjectStore } from './object-store.ts'
import type { Oss } from './oss.ts'
import { putHandler, type EtagForm } from './put-handler.ts'

/** Tells a plain PUT from a part, and counts the PUTs under way. */
export class PutMatcher {
  readonly match: Matcher
  #underWay = 0
  #peakParallelPuts = 0

  constructor(oss: Oss, objects: ObjectStore, etag: EtagForm) {
    this.match = (request, url, response) => {
      if (request.method !== 'PUT') return { operation: 'unknown', handler: accessDenied }
      this.#peakParallelPuts = Math.max(this.#peakParallelPuts, ++this.#underWay)
      response.once('close', () => this.#underWay--)
      const query = url.searchParams
      return {
        operation: query.has('uploadId') ? 'putPart' : 'put',
        handler: (recorded) =>
          putHandler(oss, objects, etag, request, recorded, { path: url.pathname, query }),
      }
    }
  }

  /** The largest number of PUTs that were under way at once. */
  get peakParallelPuts(): number {
    return this.#peakParallelPuts
  }
}

/** Denies every method other than PUT. */
function accessDenied(): RequestHandler {
  return {
    receive: async () => {},
    perform: () => new OssError(403, 'AccessDenied', 'AccessDenied').response(),
  }
}
