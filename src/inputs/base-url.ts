import { isLoopback } from '../dingtalk/transport/loopback.ts'

export function refusalOfBaseUrl(given: string): string | undefined {
  if (!URL.canParse(given)) return `"${given}" is not a URL / 不是 URL`
  const url = new URL(given)
  if (url.username || url.password)
    return 'holds a user name or password: remove it / 含有用户名或密码：请删除' // not shown: it may be a secret
  if (url.search || url.hash)
    return `"${given}" has a query or fragment: give the base only / 不能含查询参数或片段`
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(given))) return undefined
  return `"${given}" is not https: the app secret would travel readable to all / 须为 https，否则密钥会明文传输`
}
