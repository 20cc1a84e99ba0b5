import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { notAFile, PICTURE_HEAD, refusalOfPicture } from '../dingtalk/pictures.ts'
import type { Image } from '../domain.ts'
import type { Text } from '../http/text.ts'
import { refusalOfAddress } from './message.ts'
import type { InputReader } from './reader.ts'

/** The maximum number of pictures. */
const MAX_IMAGES = 5

/**
 * Reads the pictures, one per line: a path, or `qr:` and a link with placeholders. Also checks the files, so that an invalid
 * picture stops the job before the upload. `mode: check` runs before the files exist, so it doesn't check them.
 */
export function readImages(reader: InputReader<'images' | 'mode' | 'robot-code' | 'robot-webhook'>): Image[] {
  const lines = reader.lines('images')
  if (lines.length === 0) return []
  if (!reader.text('robot-code'))
    reader.problem('images', {
      en: 'Posting pictures requires robot-code, which is not set. Custom robots (robot-webhook) can only post pictures that are on the web.',
      zh: '发送图片需要 robot-code，但没有填写。自定义机器人（robot-webhook）只能发送已在网上的图片。',
    })
  if (lines.length > MAX_IMAGES)
    reader.problem('images', {
      en: `There are ${lines.length} pictures, and a message can have at most ${MAX_IMAGES}.`,
      zh: `共有 ${lines.length} 张图片，一条消息最多 ${MAX_IMAGES} 张。`,
    })
  const isCheck = reader.text('mode').toLowerCase() === 'check'
  return lines.map((line, index): Image => {
    const [, , link] = /^(["']?)qr[:：]\s*(.*)\1$/i.exec(line) ?? []
    const refusal = link !== undefined ? refusalOfLink(link) : isCheck ? undefined : refusalOfFile(line)
    if (refusal) reader.lineProblem('images', index, refusal)
    return link === undefined ? { kind: 'file', path: line } : { kind: 'qr', link }
  })
}

/** Doesn't quote the link, which may contain a token. */
function refusalOfLink(link: string): Text | undefined {
  return refusalOfAddress(link, /^[a-z][a-z\d+.-]*:\/\/[^{}\s]/i, {
    en: 'after qr:, enter a link that starts with a scheme and a host name (https://…), or with {files}, {run}, or {commit}.',
    zh: 'qr: 之后应为链接，以协议加域名（https://…）开头，或以 {files}、{run}、{commit} 开头。',
  })
}

const LINK_OF_PICTURE: Text = {
  en: 'this is a link. To draw it as a QR code, write qr: before it. To post a picture from the web, download it in an earlier step.',
  zh: '这是链接。如需绘制为二维码，请在前面加上 qr:。如需发送网上的图片，请先在前面的步骤中下载。',
}

function refusalOfFile(path: string): Text | undefined {
  if (path.includes('://')) return LINK_OF_PICTURE
  try {
    const stats = statSync(path)
    if (!stats.isFile()) return notAFile(path)
    const head = Buffer.alloc(PICTURE_HEAD)
    const file = openSync(path, 'r')
    try {
      readSync(file, head, 0, head.length, 0)
    } finally {
      closeSync(file)
    }
    return refusalOfPicture(path, stats.size, head)
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException
    return {
      en: `${path} doesn't exist or can't be read (${code}). Enter the path of a picture, or qr: and a link.`,
      zh: `${path} 不存在或无法读取（${code}）。请填写图片的路径，或 qr: 加链接。`,
    }
  }
}
