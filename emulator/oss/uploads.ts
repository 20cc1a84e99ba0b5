import { paramError, GatewayError } from '../http/errors.ts'
import { characters, hex, secret } from '../http/identifiers.ts'
import { StoredObject } from './object-store.ts'

/** Minimum size of every part but the last, in bytes. */
const MIN_PART = 100 * 1024
export const MAX_PARTS = 10_000

/** An object in OSS that a commit turns into a file. Its key is the `uploadKey`. */
export interface Upload {
  readonly key: string
  readonly spaceId: string
  /** Where it is stored, in the platform's spelling. */
  readonly region: string
  readonly objectKey: string
  /** OSS's ID of a multipart upload; removed when the upload is complete. */
  uploadId?: string
  readonly parts: Map<number, StoredObject>
  /** The MD5 that the client has announced, in lower-case hex. */
  readonly md5?: string
  /** Set once all bytes are stored. */
  object?: StoredObject
  /** Whether a commit has used the key. */
  used: boolean
}

export class Uploads {
  readonly #byKey = new Map<string, Upload>()
  readonly #byObjectKey = new Map<string, Upload>()

  /** @param md5 of the bytes that the client announces, in lower-case hex */
  begin(spaceId: string, multipart: boolean, region: string, md5?: string): Upload {
    const upload: Upload = {
      key: secret(72, 'token'),
      spaceId,
      region,
      objectKey: `yundisk0/${characters(40)}.file`,
      parts: new Map(),
      used: false,
      ...(md5 === undefined ? {} : { md5 }),
      ...(multipart ? { uploadId: hex(32).toUpperCase() } : {}),
    }
    this.#byKey.set(upload.key, upload)
    this.#byObjectKey.set(upload.objectKey, upload)
    return upload
  }

  /** @throws GatewayError `paramError.uploadKey` */
  byKey(key: string): Upload {
    const upload = this.#byKey.get(key)
    if (!upload) throw paramError('uploadKey', 'is unknown')
    return upload
  }

  byObjectKey(objectKey: string): Upload | undefined {
    return this.#byObjectKey.get(objectKey)
  }

  /**
   * Returns the bytes of an upload. Completes a multipart upload first.
   *
   * @throws GatewayError `dentryStoreError`
   */
  complete(upload: Upload): StoredObject {
    if (upload.uploadId !== undefined) {
      const parts = inOrder(upload.parts)
      upload.object = StoredObject.concatenate(parts)
      delete upload.uploadId
    }
    if (!upload.object) throw storeError('no bytes are stored')
    // The page doesn't say when an announced MD5 is checked, or which code reports a difference.
    if (upload.md5 !== undefined && upload.md5 !== upload.object.md5)
      throw storeError('the MD5 differs from the announced one')
    return upload.object
  }
}

function inOrder(parts: ReadonlyMap<number, StoredObject>): StoredObject[] {
  const ordered: StoredObject[] = []
  for (let number = 1; number <= Math.max(0, ...parts.keys()); number++) {
    const part = parts.get(number)
    if (!part) throw storeError(`part ${number} is missing`)
    ordered.push(part)
  }
  if (ordered.length === 0) throw storeError('there are no parts')
  const small = ordered.slice(0, -1).findIndex(({ size }) => size < MIN_PART)
  if (small !== -1) throw storeError(`part ${small + 1} is smaller than 100 KB`)
  return ordered
}

function storeError(why: string): GatewayError {
  return new GatewayError(400, 'dentryStoreError', `文件存储错误: ${why}`)
}
