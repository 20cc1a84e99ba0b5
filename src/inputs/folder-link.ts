import type { Folder } from '../dingtalk/drive.ts'
import { TextError } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'

/** A link does not name a folder; the text says why. */
export class FolderLinkError extends TextError {
  override readonly name = 'FolderLinkError'
}

const FORMS: Text = {
  en:
    'Copy the link of the folder in DingTalk. It looks like ' +
    'https://qr.dingtalk.com/page/yunpan?…spaceId=…&fileId=…&type=folder or https://alidocs.dingtalk.com/i/nodes/….',
  zh:
    '请在钉钉中对文件夹「复制链接」，得到的链接形如 ' +
    'https://qr.dingtalk.com/page/yunpan?…spaceId=…&fileId=…&type=folder 或 https://alidocs.dingtalk.com/i/nodes/…。',
}

/** The error for a link, which is quoted, with the forms that are understood. */
function unfit(reason: Text): FolderLinkError {
  return new FolderLinkError(joined(reason, FORMS))
}

/** Where links to folders of the drive lead; their ids stand in the query. */
const DRIVE: readonly string[] = [
  'https://qr.dingtalk.com/page/yunpan',
  'https://applink.dingtalk.com/page/yunpan',
  'dingtalk://dingtalkclient/page/yunpan',
]

/** A folder as a link names it: by its ids or by its uuid. */
export type LinkedFolder = Exclude<Folder, { kind: 'both' }>

/**
 * Reads the link that a person copies from a folder of the drive (web, or `dingtalk://`) or of DingTalk Docs.
 *
 * @throws FolderLinkError if it is anything else, such as a link to a file
 */
export function parseFolderLink(link: string): LinkedFolder {
  const url = URL.parse(decoded(link))
  if (!url) throw unfit({ en: `"${link}" is not a URL.`, zh: `「${link}」不是链接。` })
  const place = `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`
  if (DRIVE.includes(place)) return driveFolder(url.searchParams)
  const path = /^https:\/\/(?:alidocs|docs)\.dingtalk\.com\/i\/(.+)$/.exec(place)?.[1]
  const folder = path === undefined ? undefined : docsFolder(path)
  if (folder) return folder
  throw unfit({
    en: `"${link}" is not a link to a DingTalk folder.`,
    zh: `「${link}」不是钉钉文件夹的链接。`,
  })
}

/** The link without the encoding that it has in HTML or as a part of another link. */
function decoded(link: string): string {
  const plain = link.trim().replaceAll('&amp;', '&')
  if (!/^\w+%3a/i.test(plain)) return plain
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

/** @param path of the link, after `/i/` */
function docsFolder(path: string): LinkedFolder | undefined {
  const uuid = /^(?:nodes|desktop\/folders)\/([A-Za-z0-9_-]+)$/.exec(path)?.[1]
  if (uuid !== undefined) return { kind: 'uuid', uuid }
  if (path.startsWith('p/')) {
    throw new FolderLinkError({
      en: 'This link points to a shared page of DingTalk Docs. Open the folder itself and copy its link.',
      zh: '这是钉钉文档的分享页链接。请打开文件夹本身，再复制其链接。',
    })
  }
  if (path.startsWith('spaces/')) {
    throw new FolderLinkError({
      en: 'This link points to a whole knowledge base. Open a folder in it and copy that link.',
      zh: '这是知识库首页的链接。请打开其中的文件夹，再复制其链接。',
    })
  }
  return undefined
}

function driveFolder(query: URLSearchParams): Extract<Folder, { kind: 'ids' }> {
  const type = query.get('type')
  if (type === 'file') {
    throw new FolderLinkError({
      en: 'This link points to a file (type=file). Copy the link of its parent folder instead.',
      zh: '这是文件的链接（type=file）。请复制其所在文件夹的链接。',
    })
  }
  if (type !== null && type !== 'folder') {
    throw unfit({
      en: `This link points to a "${type}" (type=${type}), not to a folder.`,
      zh: `该链接指向「${type}」（type=${type}），而不是文件夹。`,
    })
  }
  return { kind: 'ids', spaceId: idIn(query, 'spaceId'), parentId: idIn(query, 'fileId') }
}

function idIn(query: URLSearchParams, name: string): string {
  const value = query.get(name)?.trim() ?? ''
  if (!value) throw unfit({ en: `The link has no ${name}.`, zh: `链接中缺少 ${name}。` })
  if (!/^\d+$/.test(value)) {
    throw unfit({
      en: `The ${name} in the link, "${value}", is not a number.`,
      zh: `链接中的 ${name}「${value}」不是数字。`,
    })
  }
  return value
}
