import type { Problem } from '../errors.ts'
import { isLoopback, proxyVariable, type Variables } from '../http/proxies.ts'
import type { Text } from '../http/text.ts'
import type { InputReader } from './reader.ts'

/** Reads the base URL of an API, without slashes at its end. */
export function readBaseUrl<Name extends string>(reader: InputReader<Name>, name: Name): string {
  return reader.text(name, refusalOfBaseUrl).replace(/\/+$/, '')
}

function refusalOfBaseUrl(value: string): Text | undefined {
  const url = URL.parse(value)
  // The text before an "@" may be a password, even if the rest isn't a valid URL.
  const [en, zh] = value.includes('@') ? ['The value', '该值'] : [`"${value}"`, `「${value}」`]
  if (!url || url.username || url.password || url.search || url.hash)
    return {
      en: `${en} is not valid. Enter a URL such as https://api.dingtalk.com, without a user name, password, query string, or fragment.`,
      zh: `${zh}无效。请填写形如 https://api.dingtalk.com 的 URL，不含用户名、密码、查询参数和片段。`,
    }
  if (protectsSecrets(url)) return undefined
  return {
    en: `${en} must use https. Otherwise app-secret would be sent in plain text.`,
    zh: `${zh}必须使用 https，否则 app-secret 会以明文传输。`,
  }
}

/** Whether requests to a URL are encrypted or stay on this machine. */
export function protectsSecrets(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.href))
}

/** Returns the problems with the proxy variables. Never quotes user names or passwords. */
export function proxyProblems(environment: Variables): Problem[] {
  return (['http', 'https'] as const).flatMap((protocol) => {
    const found = proxyVariable(environment, protocol)
    const url = URL.parse(found?.value ?? '')
    const isProxy = url?.hostname && ['http:', 'https:', 'socks5:', 'socks:'].includes(url.protocol)
    if (!found || isProxy) return []
    const given = environment[found.variable]?.trim() ?? ''
    // A password may contain an "@".
    const shown = given.slice(given.lastIndexOf('@') + 1)
    const text = {
      en: `"${shown}" is not a valid proxy URL. Enter a URL such as http://proxy.example.com:8080.`,
      zh: `「${shown}」不是有效的代理地址。请填写形如 http://proxy.example.com:8080 的地址。`,
    }
    return [{ input: found.variable, text }]
  })
}
