import { opaque } from '../http/identifiers.ts'

/** The largest image, in bytes. */
export const MAX_IMAGE = 20 * 1024 ** 2

/** The first bytes of each kind of image, in hex. */
const SIGNATURES: Readonly<Record<string, RegExp>> = {
  'image/png': /^89504e470d0a1a0a/,
  'image/jpeg': /^ffd8ff/,
  'image/gif': /^47494638(37|39)61/,
  'image/bmp': /^424d/,
}

/** An image that an app has uploaded. Only messages of that app can show it. */
export interface Image {
  readonly appKey: string
  readonly bytes: Uint8Array
  /** A media type, such as `image/png`. */
  readonly type: string
}

/** The images of all apps, by media ID. */
export class Media {
  readonly #images = new Map<string, Image>()

  /** @returns the media ID */
  add(image: Image): string {
    const id = `@lAD${opaque(36)}`
    this.#images.set(id, image)
    return id
  }

  byId(id: string): Image | undefined {
    return this.#images.get(id)
  }
}

/** The media type of an image, by its content. `undefined` if the platform doesn't support it. */
export function imageType(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('hex')
  return Object.keys(SIGNATURES).find((type) => SIGNATURES[type]?.test(start))
}
