import { readFile, stat } from 'node:fs/promises'
import encodeQR from 'qr'
import type { DingTalk } from '../dingtalk/client.ts'
import { MAX_PICTURE, notAFile, refusalOfPicture } from '../dingtalk/pictures.ts'
import type { Picture } from '../dingtalk/robots.ts'
import type { Image } from '../domain.ts'
import { TextError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { type Facts, filled, noLimits, valuesOf } from './placeholders.ts'

/** The white border of a QR code, in modules (ISO/IEC 18004). */
const QUIET_ZONE = 4
/** Pixels per module: a phone can read even the largest code. */
const SCALE = 8

/** A picture to post. */
interface PictureToPost {
  /** "Picture 2 (icon.png)". A link may contain a token, and isn't shown. */
  readonly name: Text
  /** Uploads it, once. @throws DingTalkError, or TextError if it can't be read or drawn */
  readonly content: () => Promise<Picture>
}

/** Returns the pictures to post. A QR code is left out if its link is empty once its placeholders are replaced. */
export function picturesFor(images: readonly Image[], facts: Facts, dingtalk: DingTalk): PictureToPost[] {
  const values = valuesOf(facts, noLimits(facts))
  return images.flatMap((image, index) => {
    const link = image.kind === 'qr' ? filled(image.link, values, 'url') : ''
    if (image.kind === 'qr' && !URL.canParse(link)) return []
    const [en, zh] = image.kind === 'qr' ? ['QR code', '二维码'] : [image.path, image.path]
    const upload = async () => {
      const bytes = image.kind === 'qr' ? qrCode(link) : await readPicture(image.path)
      return { mediaId: await dingtalk.uploadMedia(bytes) }
    }
    let uploading: Promise<Picture> | undefined
    return {
      name: { en: `Picture ${index + 1} (${en})`, zh: `图片 ${index + 1}（${zh}）` },
      content: () => (uploading ??= upload()),
    }
  })
}

/** Draws a link as a GIF. @throws TextError if it is too long */
function qrCode(link: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(encodeQR(link, 'gif', { ecc: 'medium', border: QUIET_ZONE, scale: SCALE }))
  } catch (cause) {
    const size = Buffer.byteLength(link)
    const text = {
      en: `A link of ${size} bytes doesn't fit in a QR code (images). Use a shorter link.`,
      zh: `链接有 ${size} 字节，超出二维码的容量（images）。请换用较短的链接。`,
    }
    throw new TextError(text, { cause })
  }
}

/** Reads and checks a picture, which may have changed since the inputs were read. @throws TextError */
async function readPicture(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const stats = await stat(path)
    if (!stats.isFile()) throw new TextError(notAFile(path))
    const bytes = stats.size > MAX_PICTURE ? new Uint8Array() : new Uint8Array(await readFile(path))
    const refusal = refusalOfPicture(path, Math.max(stats.size, bytes.length), bytes)
    if (refusal) throw new TextError(refusal)
    return bytes
  } catch (cause) {
    if (cause instanceof TextError) throw cause
    const { code = String(cause) } = cause as NodeJS.ErrnoException
    const text = { en: `${path} can't be read (${code}).`, zh: `无法读取 ${path}（${code}）。` }
    throw new TextError(text, { cause })
  }
}
