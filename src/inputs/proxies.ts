import type { Problem } from '../errors.ts'

/** Environment variables, by name. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>

/** What stands for each kind of proxy; the first that is set counts, even if it is empty. */
const VARIABLES = [
  ['http_proxy', 'HTTP_PROXY'],
  ['https_proxy', 'HTTPS_PROXY'],
] as const

const PROTOCOLS = ['http:', 'https:', 'socks5:', 'socks:']

/** What is wrong with the proxies of the environment. User names and passwords are not quoted. */
export function proxyProblems(environment: ProxyVariables): Problem[] {
  return VARIABLES.flatMap((names) => {
    const input = names.find((name) => environment[name] !== undefined)
    const value = (input && environment[input]) ?? ''
    if (input === undefined || value === '' || isProxy(value)) return []
    // A password may hold anything, an "@" too.
    const shown = value.slice(value.lastIndexOf('@') + 1)
    const text = {
      en: `"${shown}" is not a valid proxy URL. It must start with http:// or https://, as in http://proxy.example.com:8080.`,
      zh: `「${shown}」不是有效的代理地址。应以 http:// 或 https:// 开头，例如 http://proxy.example.com:8080。`,
    }
    return [{ input, text }]
  })
}

function isProxy(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && PROTOCOLS.includes(url.protocol) && url.hostname !== ''
}
