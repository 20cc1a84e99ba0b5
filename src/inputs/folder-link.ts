import type { Folder } from '../dingtalk/folder.ts'

/** A link does not name a folder; the message says why. */
export class FolderLinkError extends Error {
  override readonly name = 'FolderLinkError'
}

const FORMS =
  'expected the link that DingTalk copies from a folder: https://qr.dingtalk.com/page/yunpan?…spaceId=…&fileId=…&type=folder ' +
  'or https://alidocs.dingtalk.com/i/nodes/… / 请填写在文件夹上「复制链接」得到的链接'

/** A folder as a link names it: by its ids or by its uuid. */
export type LinkedFolder = Exclude<Folder, { kind: 'both' }>

/**
 * Reads the link that a person copies from a folder of the drive (web, or `dingtalk://`) or of DingTalk Docs.
 *
 * @throws FolderLinkError if it is anything else, such as a link to a file
 */
export function parseFolderLink(link: string): LinkedFolder {
  const url = URL.parse(decoded(link))
  if (!url) throw new FolderLinkError(`it is not a link; ${FORMS}`)
  const place = `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`
  if (place === 'https://qr.dingtalk.com/page/yunpan' || place === 'dingtalk://dingtalkclient/page/yunpan') {
    return driveFolder(url.searchParams)
  }
  const uuid = /^https:\/\/alidocs\.dingtalk\.com\/i\/nodes\/([A-Za-z0-9_-]+)$/.exec(place)?.[1]
  if (uuid !== undefined) return { kind: 'uuid', uuid }
  throw new FolderLinkError(`it does not lead to a DingTalk folder; ${FORMS}`)
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

function driveFolder(query: URLSearchParams): Extract<Folder, { kind: 'ids' }> {
  const type = query.get('type')
  if (type === 'file') {
    throw new FolderLinkError(
      'it leads to a file (type=file): open the folder that holds it and copy that link / 这是文件的链接：请复制其所在文件夹的链接',
    )
  }
  if (type !== null && type !== 'folder')
    throw new FolderLinkError(`it leads to a "${type}", not to a folder; ${FORMS}`)
  const id = (name: string) => {
    const value = query.get(name)?.trim() ?? ''
    if (!/^\d+$/.test(value))
      throw new FolderLinkError(`its ${name} is ${value ? 'not a number' : 'missing'}; ${FORMS}`)
    return value
  }
  return { kind: 'ids', spaceId: id('spaceId'), parentId: id('fileId') }
}
