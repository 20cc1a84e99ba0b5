/** The proxy of a request. */
export interface Proxy {
  /** The environment variable that sets it. */
  readonly variable: string
  /** Without user name and password. */
  readonly address: string
}

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>

/** The variables for each protocol. The first one that is set counts, even if it is empty. */
const NAMES = { http: ['http_proxy', 'HTTP_PROXY'], https: ['https_proxy', 'HTTPS_PROXY'] } as const

/** The variable that sets a proxy, and its value. As in curl, `host:port` means `http://host:port`. */
export function proxyVariable(
  environment: Variables,
  protocol: keyof typeof NAMES,
): { variable: string; value: string } | undefined {
  const variable = NAMES[protocol].find((name) => environment[name] !== undefined)
  const given = ((variable && environment[variable]) ?? '').trim()
  if (variable === undefined || given === '') return undefined
  return { variable, value: /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}` }
}

/**
 * The proxy of each request, for messages. It is the one that undici's `EnvHttpProxyAgent` uses, and none to this machine.
 * The variables are read now, as undici does.
 */
export function readProxies(environment: Variables): (url: URL) => Proxy | undefined {
  const proxyOf = (protocol: keyof typeof NAMES): Proxy | undefined => {
    const found = proxyVariable(environment, protocol)
    const url = URL.parse(found?.value ?? '')
    return found && url ? { variable: found.variable, address: `${url.protocol}//${url.host}` } : undefined
  }
  const http = proxyOf('http')
  const https = proxyOf('https') ?? http
  const exempt = (environment['no_proxy'] ?? environment['NO_PROXY'] ?? '').split(/[,\s]+/).filter(Boolean)
  return (url) => {
    if (isLoopback(url.href) || exempt.some((entry) => matches(entry, url))) return undefined
    return url.protocol === 'https:' ? https : http
  }
}

/** Whether an entry of `NO_PROXY` matches a URL: `*`, `host` (also below it), or `*.host`, with or without a port. */
function matches(entry: string, url: URL): boolean {
  const [, name = '', port = ''] = /^(.+?)(?::(\d+))?$/.exec(entry.replace(/^\[(.+)\]/, '$1')) ?? []
  if (port !== '' && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false
  if (name === '*') return true
  const wanted = name.toLowerCase().replace(/^\*?\.|\.$/g, '')
  const host = url.hostname.replace(/^\[(.+)\]$/, '$1').replace(/\.$/, '')
  return (host === wanted && !name.startsWith('*')) || host.endsWith(`.${wanted}`)
}

/** Whether a URL leads to this machine, so that secrets and files may be sent without encryption. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
