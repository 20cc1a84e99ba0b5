import findMyWay, { type HTTPMethod } from 'find-my-way'
import { CALLS, pageOf, serverOf, type Operation } from '../http/operation.ts'
import type { Matcher } from '../http/request-handler.ts'
import { callHandler } from './call-handler.ts'
import type { GatewayCall, Perform, Routes } from './route.ts'

/**
 * Finds what does a call to a gateway, by the method and path that the contract has for it.
 *
 * @param unknown returns the error for an unknown path
 * @param spelled writes a code in the platform's other spellings
 */
export function router(
  server: 'gateway' | 'oapi',
  routes: Routes<GatewayCall>,
  unknown: () => Error,
  spelled?: (code: string) => string,
): Matcher {
  const paths = findMyWay({ maxParamLength: 10_000 })
  for (const operation of CALLS) {
    if (operation === 'put' || serverOf(operation) !== server) continue
    if (!Object.hasOwn(routes, operation))
      throw new Error(
        `the emulator can't do ${operation}, a call of the contract: add it in emulator/gateways/api/`,
      )
    const { method, path } = pageOf(operation)
    const found = { operation, perform: routes[operation] }
    paths.on(method as HTTPMethod, path.replaceAll(/\{(\w+)\}/g, ':$1'), () => undefined, found)
  }
  return (request, url) => {
    const match = paths.find(request.method as HTTPMethod, url.pathname)
    const { operation, perform } = (match?.store as Found | undefined) ?? {
      operation: 'unknown',
      perform: () => {
        throw unknown()
      },
    }
    const call = { params: match?.params ?? {}, query: url.searchParams }
    return { operation, handler: (recorded) => callHandler(perform, request, recorded, call, spelled) }
  }
}

interface Found {
  readonly operation: Operation
  readonly perform: Perform
}
