import type { Folder } from '../dingtalk/folder.ts'

/** A link does not name a folder; the message says why. */
export class FolderLinkError extends Error {
  override readonly name = 'FolderLinkError'
}

const FORMS =
  'expected the link that DingTalk copies from a folder: https://qr.dingtalk.com/page/yunpan?…spaceId=…&fileId=…&type=folder ' +
  'or https://alidocs.dingtalk.com/i/nodes/… / 请填写在文件夹上「复制链接」得到的链接'

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
  if (!url) throw new FolderLinkError(`it is not a link; ${FORMS}`)
  const place = `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`
  if (DRIVE.includes(place)) return driveFolder(url.searchParams)
  const path = /^https:\/\/(?:alidocs|docs)\.dingtalk\.com\/i\/(.+)$/.exec(place)?.[1]
  if (path !== undefined) return docsFolder(path)
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

/** @param path of the link, after `/i/` */
function docsFolder(path: string): LinkedFolder {
  const uuid = /^(?:nodes|desktop\/folders)\/([A-Za-z0-9_-]+)$/.exec(path)?.[1]
  if (uuid !== undefined) return { kind: 'uuid', uuid }
  if (path.startsWith('p/')) {
    throw new FolderLinkError(
      'it leads to a shared page of DingTalk Docs, not to a folder: open the folder itself and copy its link / 这是钉钉文档的分享页链接：请打开文件夹本身，再复制其链接',
    )
  }
  if (path.startsWith('spaces/')) {
    throw new FolderLinkError(
      'it leads to a whole knowledge base, not to a folder: open a folder in it and copy that link / 这是知识库首页的链接：请打开其中的文件夹，再复制其链接',
    )
  }
  throw new FolderLinkError(`it does not lead to a DingTalk folder; ${FORMS}`)
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
