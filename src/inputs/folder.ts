import type { Folder } from '../dingtalk/drive.ts'
import { refusalOfName } from '../dingtalk/names.ts'
import { TextError } from '../errors.ts'
import { joined, type Text } from '../http/text.ts'
import type { InputReader } from './reader.ts'

/**
 * Reads the target folder, from its link or from the IDs of its space and of the folder in that space. With a link, the IDs
 * may be set too, but must not contradict it.
 */
export function readFolder(reader: InputReader<'folder-url' | 'space-id' | 'parent-id'>): Folder {
  const spaceId = reader.digits('space-id', refusalOfLink)
  const parentId = reader.digits('parent-id', refusalOfLink)
  const link = reader.text('folder-url')
  const byIds: Folder = { kind: 'ids', spaceId, parentId }
  if (!link) {
    if (!spaceId)
      reader.missing('folder-url', {
        en: 'One of folder-url and space-id is required. Copy the link of the target folder in DingTalk.',
        zh: 'folder-url 与 space-id 必填其一。请在钉钉中对目标文件夹「复制链接」并填入。',
      })
    return byIds
  }
  let folder: LinkedFolder
  try {
    folder = parseFolderLink(link)
  } catch (error) {
    if (!(error instanceof FolderLinkError)) throw error
    reader.problem('folder-url', error.text)
    return byIds
  }
  // "0" is the default of parent-id, so it contradicts no link. A link to DingTalk Docs doesn't name the space.
  const linked = folder.kind === 'ids' ? folder : { spaceId, parentId: '' }
  for (const [name, value, isDefault, other] of [
    ['space-id', spaceId, !spaceId, linked.spaceId],
    ['parent-id', parentId, parentId === '0', linked.parentId],
  ] as const)
    if (!isDefault && value !== other)
      reader.problem(name, {
        en: `"${value}" conflicts with folder-url. Remove one of them.`,
        zh: `「${value}」与 folder-url 不一致，请删除其中一个。`,
      })
  return folder.kind === 'uuid' && spaceId ? { ...folder, spaceId } : folder
}

function refusalOfLink(value: string): Text | undefined {
  if (!value.includes('://')) return undefined
  return {
    en: `"${value}" is a link. Set it as folder-url instead.`,
    zh: `「${value}」是链接，请改填到 folder-url。`,
  }
}

/** A link does not name a folder; the text says why. */
export class FolderLinkError extends TextError {
  override readonly name = 'FolderLinkError'
}

const FORMS: Text = {
  en: 'Copy the link of the folder in DingTalk. It looks like https://qr.dingtalk.com/page/yunpan?…spaceId=…&fileId=…&type=folder or https://alidocs.dingtalk.com/i/nodes/….',
  zh: '请在钉钉中对文件夹「复制链接」，得到的链接形如 https://qr.dingtalk.com/page/yunpan?…spaceId=…&fileId=…&type=folder 或 https://alidocs.dingtalk.com/i/nodes/…。',
}

/** The error for a link, which is quoted, with the forms that are understood. */
function unfit(en: string, zh: string): FolderLinkError {
  return new FolderLinkError(joined({ en, zh }, FORMS))
}

/** Where links to folders of the drive lead; their IDs are in the query. */
const DRIVE: readonly string[] = [
  'https://qr.dingtalk.com/page/yunpan',
  'https://applink.dingtalk.com/page/yunpan',
  'dingtalk://dingtalkclient/page/yunpan',
]

/** A folder as a link names it: by its IDs or by its uuid. */
export type LinkedFolder = Exclude<Folder, { kind: 'both' }>

/**
 * Reads the link that a person copies from a folder of the drive (web, or `dingtalk://`) or of DingTalk Docs.
 *
 * @throws FolderLinkError if it is anything else, such as a link to a file
 */
export function parseFolderLink(link: string): LinkedFolder {
  let plain = link.trim().replaceAll('&amp;', '&')
  try {
    // A part of another link is encoded.
    if (/^\w+%3a/i.test(plain)) plain = decodeURIComponent(plain)
  } catch {
    // Then it is no URL.
  }
  if ((plain.match(/\b(https?|dingtalk):\/\//g) ?? []).length > 1)
    throw new FolderLinkError({
      en: 'The value contains more than one link. Enter one link.',
      zh: '填写了多个链接，只能填写一个。',
    })
  const url = URL.parse(plain)
  if (!url) throw unfit(`"${link}" is not a URL.`, `「${link}」不是链接。`)
  const place = `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`
  if (DRIVE.includes(place)) return driveFolder(url.searchParams)
  const path = /^https:\/\/(?:alidocs|docs)\.dingtalk\.com\/i\/(.+)$/.exec(place)?.[1] ?? ''
  const uuid = /^(?:nodes|desktop\/folders)\/([A-Za-z0-9_-]+)$/.exec(path)?.[1]
  if (uuid !== undefined) return { kind: 'uuid', uuid }
  if (path.startsWith('p/'))
    throw new FolderLinkError({
      en: 'This link points to a shared page of DingTalk Docs. Open the folder itself and copy its link.',
      zh: '这是钉钉文档的分享页链接。请打开文件夹本身，再复制其链接。',
    })
  if (path.startsWith('spaces/'))
    throw new FolderLinkError({
      en: 'This link points to a whole knowledge base. Open a folder in it and copy that link.',
      zh: '这是知识库首页的链接。请打开其中的文件夹，再复制其链接。',
    })
  throw unfit(`"${link}" is not a link to a DingTalk folder.`, `「${link}」不是钉钉文件夹的链接。`)
}

function driveFolder(query: URLSearchParams): Extract<Folder, { kind: 'ids' }> {
  const type = query.get('type') ?? 'folder'
  if (type === 'file')
    throw new FolderLinkError({
      en: 'This link points to a file (type=file). Copy the link of its parent folder instead.',
      zh: '这是文件的链接（type=file）。请复制其所在文件夹的链接。',
    })
  if (type !== 'folder')
    throw unfit(
      `This link points to a "${type}" (type=${type}), not to a folder.`,
      `该链接指向「${type}」（type=${type}），而不是文件夹。`,
    )
  const id = (name: string) => {
    const value = query.get(name)?.trim() ?? ''
    if (!value) throw unfit(`The link has no ${name}.`, `链接中缺少 ${name}。`)
    if (!/^\d+$/.test(value))
      throw unfit(
        `The ${name} in the link, "${value}", is not a number.`,
        `链接中的 ${name}「${value}」不是数字。`,
      )
    return value
  }
  return { kind: 'ids', spaceId: id('spaceId'), parentId: id('fileId') }
}

/** Returns why a path such as `releases/v1.2.0` cannot be below the target folder, or undefined if it can. */
export function refusalOfFolderPath(path: string): Text | undefined {
  if (path.includes('://'))
    return {
      en: `"${path}" is a link. Set it as folder-url; folder-path is a subfolder of that folder, such as releases/v1.2.0.`,
      zh: `「${path}」是链接，请填到 folder-url。folder-path 是该文件夹下的子文件夹路径，例如 releases/v1.2.0。`,
    }
  if (path.includes('\\'))
    return {
      en: `"${path}" contains a backslash. Separate the names of folders with slashes, as in releases/v1.2.0.`,
      zh: `「${path}」含有反斜杠。请用「/」分隔各级文件夹，例如 releases/v1.2.0。`,
    }
  for (const name of path.split('/')) {
    if (name.trim() === '')
      return {
        en: `"${path}" must not start or end with a slash, or contain "//". Use a path such as releases/v1.2.0.`,
        zh: `「${path}」的首尾不能有斜杠，中间也不能有连续的斜杠。请填写形如 releases/v1.2.0 的路径。`,
      }
    if (name === '.' || name === '..')
      return {
        en: `"${path}" must not contain "." or "..". Enter the names of the folders below the target folder.`,
        zh: `「${path}」中不能使用「.」或「..」。请直接填写目标文件夹下各级文件夹的名称。`,
      }
    const refusal = refusalOfGivenName(name)
    if (refusal) return refusal
  }
  return undefined
}

/** Why `name` can't name a file. */
export function refusalOfFileName(name: string): Text | undefined {
  if (!name.includes('/')) return refusalOfGivenName(name)
  return {
    en: `${JSON.stringify(name)} contains a slash. Enter only the name of the file; to upload it to a subfolder, set folder-path.`,
    zh: `${JSON.stringify(name)} 含有斜杠。此处只填写文件名；如需上传到子文件夹，请设置 folder-path。`,
  }
}

/** Why an input can't name a file or folder. The platform's own rules say nothing about control characters. */
function refusalOfGivenName(name: string): Text | undefined {
  const [control] = /\p{Cc}|\p{Zl}|\p{Zp}/u.exec(name) ?? []
  if (control === undefined || control === '\t') return refusalOfName(name)
  const code = (control.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return {
    en: `The name ${JSON.stringify(name)} contains a line break or another control character (U+${code}). Remove it.`,
    zh: `名称 ${JSON.stringify(name)} 含有换行符或其他控制字符（U+${code}），请删除该字符。`,
  }
}
