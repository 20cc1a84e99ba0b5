import { readFile, stat } from 'node:fs/promises'
import encodeQR from 'qr'
import type { DingTalk } from '../dingtalk/client.ts'
import { MAX_PICTURE, notAFile, refusalOfPicture } from '../dingtalk/pictures.ts'
import type { Picture } from '../dingtalk/robots.ts'
import type { Image } from '../domain.ts'
import { TextError } from '../errors.ts'
import type { Text } from '../http/text.ts'
import { type Facts, filled, noLimits, valuesOf } from './placeholders.ts'

/** Modules of white around a QR code, as its standard (ISO/IEC 18004) has it. */
const QUIET_ZONE = 4
/** Pixels for each module: a phone can read even the largest code. */
const SCALE = 8

/** A picture to post. */
interface PictureToPost {
  /** "Picture 2 (icon.png)". A link may contain a token, and isn't part of it. */
  readonly name: Text
  /** Uploads it when it is first asked for. @throws DingTalkError, or TextError if it can't be read or drawn */
  readonly content: () => Promise<Picture>
}

/** The pictures to post. A QR code is left out if its link is empty once its placeholders are filled in. */
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

/** A link as a GIF. @throws TextError if it is too long */
function qrCode(link: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(encodeQR(link, 'gif', { ecc: 'medium', border: QUIET_ZONE, scale: SCALE }))
  } catch (cause) {
    const size = Buffer.byteLength(link)
    throw new TextError(
      {
        en: `A link of ${size} bytes doesn't fit in a QR code (images). Use a shorter link.`,
        zh: `链接有 ${size} 字节，超出二维码的容量（images）。请换用较短的链接。`,
      },
      { cause },
    )
  }
}

/** The file was looked at before the upload, but may be another one now. @throws TextError */
async function readPicture(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const stats = await stat(path)
    if (!stats.isFile()) throw new TextError(notAFile(path))
    const { size } = stats
    const bytes = size > MAX_PICTURE ? new Uint8Array() : new Uint8Array(await readFile(path))
    const refusal = refusalOfPicture(path, Math.max(size, bytes.length), bytes)
    if (!refusal) return bytes
    throw new TextError(refusal)
  } catch (cause) {
    if (cause instanceof TextError) throw cause
    const { code = String(cause) } = cause as NodeJS.ErrnoException
    throw new TextError(
      { en: `${path} can't be read (${code}).`, zh: `无法读取 ${path}（${code}）。` },
      { cause },
    )
  }
}
