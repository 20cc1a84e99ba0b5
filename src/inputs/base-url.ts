import { isLoopback } from '../dingtalk/transport/loopback.ts'

/** Returns why a URL cannot be the base of an API, or undefined if it can. */
export function refusalOfBaseUrl(value: string): string | undefined {
  const url = URL.parse(value)
  // What comes before an "@" can be a password, even where the rest is not a valid URL.
  const quoted = value.includes('@') ? 'the value' : `"${value}"`
  if (!url) return `${quoted} is not a URL / 不是 URL`
  if (url.username || url.password)
    return 'holds a user name or password: remove it / 含有用户名或密码：请删除'
  if (url.search || url.hash)
    return `${quoted} has a query or fragment: give the base only / 不能含查询参数或片段`
  if (!protectsSecrets(url))
    return `${quoted} is not https: the app secret would travel readable to all / 须为 https，否则密钥会明文传输`
  return undefined
}

/** Whether a secret can be sent to a URL: nobody else can read it there or on the way. */
export function protectsSecrets(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.href))
}
