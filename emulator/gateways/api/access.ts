import { GatewayError } from '../../http/errors.ts'
import { scopeOf, type Operation } from '../../http/operation.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Call, Route } from '../route.ts'
import { bodyOf } from './inputs.ts'

/** Routes that require an access token and, if the operation has one, its scope. */
export function authorizedRoutes(
  platform: Platform,
  routes: readonly [Operation, Route['method'], path: string, perform: (call: Call) => object][],
): Route[] {
  return routes.map(([operation, method, path, perform]) => ({
    operation,
    method,
    path,
    perform: (call) => {
      if (platform.tokens.state(String(call.headers['x-acs-dingtalk-access-token'])) !== 'valid')
        throw new GatewayError(400, 'InvalidAuthentication', '不合法的access_token')
      requireScope(platform, operation)
      return perform(call)
    },
  }))
}

/** The call that issues access tokens. */
export function accessTokenRoute(platform: Platform): Route {
  return {
    operation: 'accessToken',
    method: 'POST',
    path: '/v1.0/oauth2/accessToken',
    perform: (call) => {
      const body = bodyOf(call)
      const key = body.optionalString('appKey')
      if (key !== platform.appKey || body.optionalString('appSecret') !== platform.appSecret)
        throw new GatewayError(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret')
      requireScope(platform, 'accessToken')
      return platform.tokens.issue()
    },
  }
}

/** @throws GatewayError with the code and text of the real gateway */
function requireScope({ scopes }: Platform, operation: Operation): void {
  const scope = scopeOf(operation)
  if (scope === undefined || scopes.granted.has(scope)) return
  throw new GatewayError(
    403,
    'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    `应用尚未开通所需的权限：[${scope}]`,
    {
      accessdenieddetail: { requiredScopes: [scope] },
    },
  )
}
