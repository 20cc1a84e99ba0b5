import type { Folder } from '../dingtalk/drive.ts'
import { refusalOfName } from '../dingtalk/names.ts'
import type { Text } from '../http/text.ts'
import type { InputReader } from './reader.ts'

/**
 * Reads the target folder: from its link, or from the IDs of the space and the folder. If the link and the IDs are both set,
 * they must match.
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
  const folder = parseFolderLink(link)
  if (folder.kind === 'problem') {
    reader.problem('folder-url', folder.text)
    return byIds
  }
  // A link to DingTalk Docs doesn't name the space. "0" is the default of parent-id.
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

/** Links to folders of the drive, whose query contains the IDs. */
const DRIVE: readonly string[] = [
  'https://qr.dingtalk.com/page/yunpan',
  'https://applink.dingtalk.com/page/yunpan',
  'dingtalk://dingtalkclient/page/yunpan',
]

/** A folder as a link names it, or the reason why a link doesn't name one. */
export type LinkedFolder =
  Exclude<Folder, { kind: 'both' }> | { readonly kind: 'problem'; readonly text: Text }

/** Parses a link that was copied from a folder of the drive or of DingTalk Docs. */
export function parseFolderLink(link: string): LinkedFolder {
  let plain = link.trim().replaceAll('&amp;', '&')
  try {
    // A link inside another link is encoded.
    if (/^\w+%3a/i.test(plain)) plain = decodeURIComponent(plain)
  } catch {
    // Not a valid encoding, so not a URL either.
  }
  if ((plain.match(/\b(https?|dingtalk):\/\//g) ?? []).length > 1)
    return problem('The value contains more than one link. Enter only one.', '填写了多个链接，只能填写一个。')
  const url = URL.parse(plain)
  const place = url ? `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}` : ''
  if (url && DRIVE.includes(place)) return driveFolder(url.searchParams)
  const path = /^https:\/\/(?:alidocs|docs)\.dingtalk\.com\/i\/(.+)$/.exec(place)?.[1] ?? ''
  const uuid = /^(?:nodes|desktop\/folders)\/([A-Za-z0-9_-]+)$/.exec(path)?.[1]
  if (uuid !== undefined) return { kind: 'uuid', uuid }
  if (/^(p|spaces)\//.test(path))
    return problem(
      'This link points to a shared page or a whole knowledge base of DingTalk Docs. Open a folder in it and copy the link of the folder.',
      '这是钉钉文档的分享页或知识库首页的链接。请打开其中的文件夹，再复制文件夹的链接。',
    )
  return problem(
    `"${link}" is not a link to a DingTalk folder. ${FORMS.en}`,
    `「${link}」不是钉钉文件夹的链接。${FORMS.zh}`,
  )
}

const FORMS: Text = {
  en: 'Copy the link of the folder in DingTalk. It looks like https://qr.dingtalk.com/page/yunpan?…spaceId=…&fileId=…&type=folder or https://alidocs.dingtalk.com/i/nodes/….',
  zh: '请在钉钉中对文件夹「复制链接」，得到的链接形如 https://qr.dingtalk.com/page/yunpan?…spaceId=…&fileId=…&type=folder 或 https://alidocs.dingtalk.com/i/nodes/…。',
}

function problem(en: string, zh: string): LinkedFolder {
  return { kind: 'problem', text: { en, zh } }
}

function driveFolder(query: URLSearchParams): LinkedFolder {
  const [spaceId = '', parentId = ''] = ['spaceId', 'fileId'].map((name) => query.get(name)?.trim())
  const type = query.get('type') ?? 'folder'
  if (type === 'file')
    return problem(
      'This link points to a file (type=file). Copy the link of its parent folder instead.',
      '这是文件的链接（type=file）。请复制其所在文件夹的链接。',
    )
  if (type !== 'folder' || !/^\d+$/.test(spaceId) || !/^\d+$/.test(parentId))
    return problem(
      `The link is incomplete, or does not point to a folder. ${FORMS.en}`,
      `链接不完整，或指向的不是文件夹。${FORMS.zh}`,
    )
  return { kind: 'ids', spaceId, parentId }
}

/** Returns why a path such as `releases/v1.2.0` can't be below the target folder; undefined if it can. */
export function refusalOfFolderPath(path: string): Text | undefined {
  if (path.includes('://'))
    return {
      en: `"${path}" is a link. Set it as folder-url; folder-path is a subfolder of that folder, such as releases/v1.2.0.`,
      zh: `「${path}」是链接，请填到 folder-url。folder-path 是该文件夹下的子文件夹路径，例如 releases/v1.2.0。`,
    }
  const names = path.split('/')
  if (path.includes('\\') || names.some((name) => ['', '.', '..'].includes(name.trim())))
    return {
      en: `"${path}" is not valid. Enter the names of folders, separated by single slashes, such as releases/v1.2.0. The path can't start or end with a slash, contain a backslash, or contain a folder named "." or "..".`,
      zh: `「${path}」无效。请填写形如 releases/v1.2.0 的路径，用单个「/」分隔各级文件夹。首尾不能有斜杠，不能使用反斜杠，也不能有名为「.」或「..」的文件夹。`,
    }
  return names.map(refusalOfGivenName).find((refusal) => refusal !== undefined)
}

/** Returns why a file can't have a name; undefined if it can. */
export function refusalOfFileName(name: string): Text | undefined {
  if (!name.includes('/')) return refusalOfGivenName(name)
  return {
    en: `${JSON.stringify(name)} contains a slash. Enter only the name of the file; to upload it to a subfolder, set folder-path.`,
    zh: `${JSON.stringify(name)} 含有斜杠。此处只填写文件名；如需上传到子文件夹，请设置 folder-path。`,
  }
}

/** Also rejects control characters, which the platform's rules don't mention. */
function refusalOfGivenName(name: string): Text | undefined {
  const [control] = /\p{Cc}|\p{Zl}|\p{Zp}/u.exec(name) ?? []
  if (control === undefined || control === '\t') return refusalOfName(name)
  const code = (control.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return {
    en: `The name ${JSON.stringify(name)} contains a line break or another control character (U+${code}). Remove it.`,
    zh: `名称 ${JSON.stringify(name)} 含有换行符或其他控制字符（U+${code}），请删除该字符。`,
  }
}
