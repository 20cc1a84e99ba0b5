import type { Text } from '../http/text.ts'
import { inFull, type Language } from './language.ts'

/** A link of a message, shown on a line of its own. A {@link Text} is a page that exists in each language. */
export type Link = string | Text | { readonly name: string; readonly url: string }

/** One line per unique link. @param write formats a link */
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

/** A link for display: decoded, without its scheme, and only the path of a page of this repository. */
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
export const ISSUES = 'https://github.com/OWNER/upload-to-dingtalk/issues'
const guide = (en: string, zh: string): Text => ({
  en: `https://github.com/OWNER/upload-to-dingtalk/blob/main/docs/setup.md#${en}`,
  zh: `https://github.com/OWNER/upload-to-dingtalk/blob/main/docs/setup.zh-CN.md#${zh}`,
})
/** Sections of the setup guide. */
export const GUIDE = {
  group: guide('6-find-the-groups-id', encodeURIComponent('6-获取群会话-id')),
  quotas: guide('quotas', encodeURIComponent('额度')),
  network: guide('proxies-firewalls-and-clocks', encodeURIComponent('代理防火墙与时钟')),
} as const

/** The base URLs of DingTalk's international edition, by input. */
export const INTERNATIONAL: readonly Link[] = [
  { name: 'api-base-url', url: 'https://api.dingtalk.io' },
  { name: 'oapi-base-url', url: 'https://oapi.dingtalk.io' },
]
export const STORAGE_HOSTS = '*.trans.dingtalk.com, *-trans.dingtalk.com, *.aliyuncs.com'
