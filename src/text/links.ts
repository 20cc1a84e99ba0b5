import type { Text } from '../http/text.ts'
import { inFull, type Language } from './language.ts'

/**
 * A link of a message, on a line of its own, and never in a sentence. A pair: a page that each language has. A name is the same in
 * both languages.
 */
export type Link = string | Text | { readonly name: string; readonly url: string }

/** The lines of some links, each once. @param write writes the link itself */
export function linkLines(
  links: readonly Link[],
  language: Language,
  write: (url: string, name?: string) => string,
): string[] {
  const lines = links.flatMap((link) => {
    if (typeof link === 'string') return write(link)
    return 'url' in link ? write(link.url, link.name) : inFull(link, language).map((url) => write(url))
  })
  return [...new Set(lines)]
}

/** A link as people read it: without its scheme, of a page of the documentation only the path, and with its characters decoded. */
export function shortened(url: string): string {
  const path = decodeURI(url).replace(/^https:\/\/(github\.com\/[^/]+\/[^/]+\/blob\/main\/)?/, '')
  return path.replace(/\/$/, '')
}

/** DingTalk's documentation and support. */
export const SUPPORT = 'https://open.dingtalk.com/'
/** DingTalk's developer console. */
export const CONSOLE = 'https://open-dev.dingtalk.com/'
/** The apps of the organization, in the developer console. */
export const APPS = 'https://open-dev.dingtalk.com/fe/app#/corp/app'
/** DingTalk's page for administrators. */
export const ADMIN = 'https://oa.dingtalk.com/'
export const CHAT_EXPLORER = 'https://open.dingtalk.com/tools/explorer/jsapi?id=10303'
/** Where a defect of this action is reported. */
export const ISSUES = 'https://github.com/OWNER/upload-to-dingtalk/issues'
const guide = (en: string, zh: string): Text => ({
  en: `https://github.com/OWNER/upload-to-dingtalk/blob/main/docs/setup.md#${en}`,
  zh: `https://github.com/OWNER/upload-to-dingtalk/blob/main/docs/setup.zh-CN.md#${zh}`,
})
/** Parts of the guide, by the anchors of their headings. */
export const GUIDE = {
  group: guide('6-find-the-groups-id', encodeURIComponent('6-获取群会话-id')),
  quotas: guide('quotas', encodeURIComponent('额度')),
  network: guide('proxies-firewalls-and-clocks', encodeURIComponent('代理防火墙与时钟')),
} as const

/** The base URLs of DingTalk's international edition, which has apps and members of its own, by the inputs that take them. */
export const INTERNATIONAL: readonly Link[] = [
  { name: 'api-base-url', url: 'https://api.dingtalk.io' },
  { name: 'oapi-base-url', url: 'https://oapi.dingtalk.io' },
]
export const STORAGE_HOSTS = '*.trans.dingtalk.com, *-trans.dingtalk.com, *.aliyuncs.com'
