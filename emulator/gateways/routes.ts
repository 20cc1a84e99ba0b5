import { GatewayError } from '../http/errors.ts'
import type { Platform } from '../organization/platform.ts'
import { accessTokenRoute } from './api/access.ts'
import { conversationRoutes } from './api/conversations.ts'
import { robotRoutes } from './api/robots.ts'
import { commitRoutes } from './api/storage-commit.ts'
import { dentryRoutes } from './api/storage-dentries.ts'
import { uploadRoutes } from './api/storage-uploads.ts'
import { oapiRoutes } from './oapi.ts'
import type { GatewayCall, Routes } from './route.ts'

/**
 * What does each call. A call of contract/contract.json that is missing here doesn't compile: add it to the file of its kind.
 * Each checks authentication, scope, parameters, rights, and state, in this order.
 */
export function gatewayRoutes(platform: Platform): Routes<GatewayCall> {
  return {
    ...accessTokenRoute(platform),
    ...uploadRoutes(platform),
    ...commitRoutes(platform),
    ...dentryRoutes(platform),
    ...conversationRoutes(platform),
    ...robotRoutes(platform),
    ...oapiRoutes(platform),
  }
}

/** The response of the new gateway to an unknown path. */
export function apiNotFound(): GatewayError {
  return new GatewayError(
    404,
    'InvalidAction.NotFound',
    'Specified api is not found, please check your url and method.',
  )
}
