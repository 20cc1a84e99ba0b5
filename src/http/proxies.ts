/** The proxy that a request goes through. */
export interface Proxy {
  /** The environment variable that names it. */
  readonly variable: string
  /** Without user name and password. */
  readonly address: string
}

/** Environment variables, by name. */
type Variables = Readonly<Record<string, string | undefined>>

/**
 * Which proxy a request goes through, so that a failure can name it: none to this machine, and elsewhere the one that
 * undici's `EnvHttpProxyAgent` takes. The variables are read now, as undici does.
 */
export function readProxies(environment: Variables): (url: URL) => Proxy | undefined {
  const http = proxyOf(environment, ['http_proxy', 'HTTP_PROXY'])
  const https = proxyOf(environment, ['https_proxy', 'HTTPS_PROXY']) ?? http
  const exempt = (environment['no_proxy'] ?? environment['NO_PROXY'] ?? '').split(/[,\s]+/).filter(Boolean)
  return (url) => {
    if (isLoopback(url.href) || exempt.some((entry) => matches(entry, url))) return undefined
    return url.protocol === 'https:' ? https : http
  }
}

/** The first variable that is set counts, even if it is empty. */
function proxyOf(environment: Variables, names: readonly string[]): Proxy | undefined {
  const variable = names.find((name) => environment[name] !== undefined)
  const url = URL.parse((variable && environment[variable]) ?? '')
  return variable !== undefined && url ? { variable, address: `${url.protocol}//${url.host}` } : undefined
}

/** Whether an entry of `NO_PROXY` exempts a URL: `*`, a host and what is below it, `*.host`; with or without a port. */
function matches(entry: string, url: URL): boolean {
  const [, name = '', port = ''] = /^(.+?)(?::(\d+))?$/.exec(entry.replace(/^\[(.+)\]/, '$1')) ?? []
  if (port !== '' && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false
  if (name === '*') return true
  const wanted = name
    .replace(/^\*?\./, '')
    .replace(/\.$/, '')
    .toLowerCase()
  const host = url.hostname.replace(/^\[(.+)\]$/, '$1').replace(/\.$/, '')
  return (host === wanted && !name.startsWith('*')) || host.endsWith(`.${wanted}`)
}

/** Whether a URL leads to this machine: only there may secrets and files travel without encryption. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
