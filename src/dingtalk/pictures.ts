import type { Text } from '../http/text.ts'

/** The maximum size of a picture, in bytes. Page: `upload-media-files`. */
export const MAX_PICTURE = 20 * 1024 ** 2
/** How many bytes from the beginning determine the format. */
export const PICTURE_HEAD = 10

/** The formats that DingTalk accepts, by the beginning of the file. */
const FORMATS = {
  png: /^\x89PNG\r\n/,
  jpg: /^\xff\xd8\xff/,
  gif: /^GIF8[79]a/,
  bmp: /^BM[^]{4}\0{4}/,
} as const

type PictureFormat = keyof typeof FORMATS

/** The format of a picture according to its content. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | undefined {
  const head = Buffer.from(bytes.subarray(0, PICTURE_HEAD)).toString('latin1')
  return (Object.keys(FORMATS) as PictureFormat[]).find((format) => FORMATS[format].test(head))
}

/** The error for a directory, a pipe, or a device. */
export function notAFile(path: string): Text {
  return { en: `${path} is not a file.`, zh: `${path} 不是文件。` }
}

/** Why DingTalk would reject a picture, or undefined. @param head at least its first {@link PICTURE_HEAD} bytes */
export function refusalOfPicture(path: string, size: number, head: Uint8Array): Text | undefined {
  if (size > MAX_PICTURE)
    return {
      en: `The picture ${path} is too large: it has ${size} bytes, and the limit is ${MAX_PICTURE} (20 MB).`,
      zh: `图片 ${path} 过大：共 ${size} 字节，最多 ${MAX_PICTURE} 字节（20 MB）。`,
    }
  if (pictureFormat(head)) return undefined
  return {
    en: `The content of ${path} is not a png, jpg, gif, or bmp picture. Convert it to one of these formats.`,
    zh: `从内容看，${path} 不是 png、jpg、gif 或 bmp 图片。请转换为其中一种格式。`,
  }
}
