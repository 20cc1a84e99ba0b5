import { GatewayError } from '../../http/errors.ts'
import type { Platform } from '../../organization/platform.ts'
import type { Route } from '../route.ts'
import { accessTokenRoute } from './access.ts'
import { conversationRoutes } from './conversations.ts'
import { robotRoutes } from './robots.ts'
import { commitRoutes } from './storage-commit.ts'
import { dentryRoutes } from './storage-dentries.ts'
import { uploadRoutes } from './storage-uploads.ts'

/** The routes of the new gateway. Each checks authentication, scope, parameters, rights, and state, in this order. */
export function gatewayRoutes(platform: Platform): Route[] {
  return [
    accessTokenRoute(platform),
    ...uploadRoutes(platform),
    ...commitRoutes(platform),
    ...dentryRoutes(platform),
    ...conversationRoutes(platform),
    ...robotRoutes(platform),
  ]
}

/** The response of the new gateway to an unknown path. */
export function apiNotFound(): GatewayError {
  return new GatewayError(
    404,
    'InvalidAction.NotFound',
    'Specified api is not found, please check your url and method.',
  )
}
