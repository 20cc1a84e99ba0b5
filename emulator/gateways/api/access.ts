import type { CallName } from '../../../contract/contract.ts'
import { GatewayError } from '../../http/errors.ts'
import { scopeOf } from '../../http/operation.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call, Perform, Routes } from '../route.ts'
import { bodyOf } from './parameters.ts'

/** Routes that require an access token and, if the call has one, its scope. */
export function authorized<Name extends CallName>(
  platform: Platform,
  calls: Readonly<Record<Name, (platform: Platform, call: Call) => object>>,
): Routes<Name> {
  const entries = (Object.keys(calls) as Name[]).map((name) => {
    const perform: Perform = (call) => {
      if (platform.tokens.state(String(call.headers['x-acs-dingtalk-access-token'])) !== 'valid')
        throw new GatewayError(400, 'InvalidAuthentication', '不合法的access_token')
      requireScope(platform, name)
      return calls[name](platform, call)
    }
    return [name, perform]
  })
  return Object.fromEntries(entries) as Routes<Name>
}

/** The call that issues access tokens. */
export function accessTokenRoute(platform: Platform) {
  const accessToken: Perform = (call) => {
    const body = bodyOf(call)
    const key = body.optionalString('appKey')
    if (key !== platform.appKey || body.optionalString('appSecret') !== platform.appSecret)
      throw new GatewayError(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret')
    requireScope(platform, 'accessToken')
    return platform.tokens.issue()
  }
  return { accessToken }
}

/** @throws GatewayError with the code and text of the real gateway */
function requireScope({ scopes }: Platform, name: CallName): void {
  const scope = scopeOf(name)
  if (scope === undefined || scopes.granted.has(scope)) return
  const message = `应用尚未开通所需的权限：[${scope}]`
  throw new GatewayError(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message, {
    accessdenieddetail: { requiredScopes: [scope] },
  })
}
