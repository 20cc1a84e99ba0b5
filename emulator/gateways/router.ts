import findMyWay from 'find-my-way'
import type { Matcher } from '../http/request-handler.ts'
import { callHandler } from './call-handler.ts'
import type { Route } from './route.ts'

/** Finds the route of a call to a gateway. @param unknown returns the error for an unknown path */
export function router(routes: readonly Route[], unknown: () => Error): Matcher {
  const paths = findMyWay({ maxParamLength: 10_000 })
  for (const route of routes) paths.on(route.method, route.path, () => undefined, route)
  return (request, url) => {
    const match = paths.find(request.method as 'GET', url.pathname)
    const route = (match?.store as Route | undefined) ?? {
      operation: 'unknown',
      perform: () => {
        throw unknown()
      },
    }
    const call = { params: match?.params ?? {}, query: url.searchParams }
    return {
      operation: route.operation,
      handler: (recorded) => callHandler(route.perform, request, recorded, call),
    }
  }
}
