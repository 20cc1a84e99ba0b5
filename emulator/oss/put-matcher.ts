import { OssRefusal } from '../http/errors.ts'
import type { Action, Matcher } from '../http/request-handler.ts'
import type { Objects } from './object-store.ts'
import type { Oss } from './oss.ts'
import { putAction } from './put-handler.ts'

/** Finds out which PUT a request to OSS is, and counts those under way. */
export class PutMatcher {
  readonly match: Matcher
  #underWay = 0
  #peakParallelPuts = 0

  constructor(oss: Oss, objects: Objects, etag: 'md5' | 'opaque') {
    this.match = (request, url, response) => {
      if (request.method !== 'PUT') return { operation: 'unknown', handler: accessDenied }
      this.#peakParallelPuts = Math.max(this.#peakParallelPuts, ++this.#underWay)
      response.once('close', () => this.#underWay--)
      const query = url.searchParams
      return {
        operation: query.has('uploadId') ? 'putPart' : 'put',
        handler: (recorded) =>
          putAction(oss, objects, etag, request, recorded, { path: url.pathname, query }),
      }
    }
  }

  /** The largest number of PUTs that were under way at once. */
  get peakParallelPuts(): number {
    return this.#peakParallelPuts
  }
}

/** OSS takes nothing but PUTs here. */
function accessDenied(): Action {
  return {
    operation: 'unknown',
    receive: async () => {},
    perform: () => new OssRefusal(403, 'AccessDenied', 'AccessDenied').answer(),
  }
}
