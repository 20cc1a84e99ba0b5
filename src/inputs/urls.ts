import type { Problem } from '../errors.ts'
import { isLoopback, proxyVariable, type Variables } from '../http/proxies.ts'
import type { Text } from '../http/text.ts'
import type { InputReader } from './reader.ts'

/** Reads the base URL of an API, and leaves out slashes at its end. */
export function readBaseUrl<Name extends string>(reader: InputReader<Name>, name: Name): string {
  return reader.text(name, refusalOfBaseUrl).replace(/\/+$/, '')
}

function refusalOfBaseUrl(value: string): Text | undefined {
  const url = URL.parse(value)
  // What comes before an "@" can be a password, even where the rest is not a valid URL.
  const isQuoted = !value.includes('@')
  const [en, zh] = isQuoted ? [`"${value}"`, `「${value}」`] : ['The value', '该值']
  if (!url)
    return {
      en: `${en} is not a URL. It must start with https://, as in https://api.dingtalk.com.`,
      zh: `${zh}不是 URL。应以 https:// 开头，例如 https://api.dingtalk.com。`,
    }
  if (url.username || url.password)
    return {
      en: 'The URL must not contain a user name or password. Remove it.',
      zh: 'URL 中不能包含用户名或密码，请删除。',
    }
  if (url.search || url.hash)
    return {
      en: `${en} must not contain a query string or fragment. Remove everything from "?" or "#" on.`,
      zh: `${zh}不能包含查询参数或片段。请删除「?」或「#」及其后的内容。`,
    }
  if (protectsSecrets(url)) return undefined
  return {
    en: `${en} must use https. Otherwise app-secret would be sent in plain text.`,
    zh: `${zh}必须使用 https，否则 app-secret 会以明文传输。`,
  }
}

/** Whether a secret can be sent to a URL without others reading it there or on the way. */
export function protectsSecrets(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.href))
}

/** What is wrong with the proxies of the environment. User names and passwords are not quoted. */
export function proxyProblems(environment: Variables): Problem[] {
  return (['http', 'https'] as const).flatMap((protocol) => {
    const found = proxyVariable(environment, protocol)
    const url = URL.parse(found?.value ?? '')
    const isProxy = url?.hostname && ['http:', 'https:', 'socks5:', 'socks:'].includes(url.protocol)
    if (!found || isProxy) return []
    const given = environment[found.variable]?.trim() ?? ''
    // A password may contain anything, an "@" too.
    const shown = given.slice(given.lastIndexOf('@') + 1)
    const text = {
      en: `"${shown}" is not a valid proxy URL. Enter a URL such as http://proxy.example.com:8080.`,
      zh: `「${shown}」不是有效的代理地址。请填写形如 http://proxy.example.com:8080 的地址。`,
    }
    return [{ input: found.variable, text }]
  })
}
