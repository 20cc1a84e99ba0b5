import { OapiError } from '../http/errors.ts'
import { requestId } from '../http/identifiers.ts'
import { imageType, MAX_IMAGE } from '../organization/media.ts'
import type { Platform } from '../organization/platform.ts'
import type { Call } from './route.ts'

export type Fields = Readonly<Record<string, unknown>>

/** The calls of the old gateway that need an access token. Its responses always have HTTP status 200. */
export function oapiRoutes(platform: Platform) {
  return {
    unionId: (call: Call) => userGet(platform, call),
    uploadMedia: (call: Call) => mediaUpload(platform, call),
  }
}

/** @throws OapiError if the access token is not valid, or the app lacks the scope */
function authorize({ scopes, tokens }: Platform, accessToken: unknown, scope: string): void {
  const state = tokens.state(typeof accessToken === 'string' ? accessToken : undefined)
  if (state === 'unknown') throw new OapiError(40014, '不合法的access_token')
  if (state === 'expired') throw new OapiError(42001, 'access_token已过期')
  if (scopes.granted.has(scope)) return
  const message = `应用尚未开通所需的权限：[${scope}]`
  throw new OapiError(88, `ding talk error[subcode=60011,submsg=${message}]`, {
    sub_code: '60011',
    sub_msg: message,
  })
}

function userGet(platform: Platform, call: Call): object {
  authorize(platform, call.query.get('access_token'), 'qyapi_get_member')
  const { userid: userId, language = 'zh_CN' } = fieldsOf(call)
  if (language !== 'zh_CN' && language !== 'en_US') throw new OapiError(400002, '参数错误: language')
  if (typeof userId !== 'string' || userId === '') throw new OapiError(400002, '参数错误: userid')
  const user = platform.users.byUserId(userId)
  if (!user) throw new OapiError(60121, '找不到该用户')
  if (!user.visible) throw new OapiError(50002, '企业授权的部门或员工不包含该员工')
  return {
    errcode: 0,
    errmsg: 'ok',
    request_id: requestId().toLowerCase(),
    result: { userid: user.userId, unionid: user.unionId, name: user.name, active: user.active },
  }
}

/** Stores an image. `access_token` and `type` may be in the query or in the form. */
function mediaUpload(platform: Platform, { query, form }: Call): object {
  const { appKey, clock, media } = platform
  const parameter = (name: string) => query.get(name) ?? form?.get(name)
  authorize(platform, parameter('access_token'), 'qyapi_base')
  if (!form) throw new OapiError(43008, '参数需要multipart类型')
  if (parameter('type') !== 'image') throw new OapiError(40004, '不合法的媒体文件类型')
  const bytes = form.get('media')
  // A field without a file name is text.
  if (!(bytes instanceof Uint8Array)) throw new OapiError(41005, '缺少多媒体文件数据')
  if (bytes.length === 0) throw new OapiError(44001, '多媒体文件为空')
  if (bytes.length > MAX_IMAGE) throw new OapiError(40006, '不合法的文件大小')
  const type = imageType(bytes)
  if (type === undefined) throw new OapiError(40005, '不合法的文件类型')
  return {
    errcode: 0,
    errmsg: 'ok',
    type: 'image',
    media_id: media.add({ appKey, bytes, type }),
    created_at: clock(),
  }
}

/** The body's fields, from JSON or a form. */
export function fieldsOf({ headers, body }: Call): Fields {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(body))
  if (!headers['content-type']?.startsWith('application/json'))
    throw new OapiError(43004, '无效的HTTP HEADER Content-Type')
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Fields
  } catch {
    // Reported below.
  }
  throw new OapiError(40035, '不合法的参数')
}
