import type { IncomingMessage } from 'node:http'
import findMyWay, { type HTTPMethod } from 'find-my-way'
import { GatewayError, OapiError } from '../http/errors.ts'
import { CALLS, pageOf, serverOf, type Operation } from '../http/operation.ts'
import { chunksOf, type Matcher, type RecordedRequest, type RequestHandler } from '../http/request.ts'
import type { Platform } from '../organization/platform.ts'
import { accessTokenRoute } from './api/access.ts'
import { conversationRoutes } from './api/conversations.ts'
import { robotRoutes } from './api/robots.ts'
import { commitRoutes } from './api/storage-commit.ts'
import { dentryRoutes } from './api/storage-dentries.ts'
import { uploadRoutes } from './api/storage-uploads.ts'
import { customRobotRoute } from './custom-robot.ts'
import { oapiRoutes } from './oapi.ts'
import type { Call, GatewayCall, Perform, Routes } from './route.ts'

/** Maximum size of a body, in bytes. */
const MAX_BODY = 32 * 1024 ** 2

/**
 * What each call does. A call of contract/contract.json that is missing here doesn't compile: add it to the file of related calls.
 * Each checks authentication, scope, parameters, rights, and state, in this order.
 */
function routesOf(platform: Platform): Routes<GatewayCall> {
  return {
    ...accessTokenRoute(platform),
    ...uploadRoutes(platform),
    ...commitRoutes(platform),
    ...dentryRoutes(platform),
    ...conversationRoutes(platform),
    ...robotRoutes(platform),
    ...oapiRoutes(platform),
    ...customRobotRoute(platform),
  }
}

const SPELLINGS: Readonly<Record<Platform['codeSpelling'], (code: string) => string>> = {
  dotted: (code) => code,
  dashed: (code) => code.replace(/^paramError\./, 'paramError-'),
  prefixed: (code) =>
    code.replace(/^paramError\.(\w)/, (_, first: string) => `Invalid${first.toUpperCase()}`),
}

/** Finds the calls to a gateway, by their methods and paths in the contract. */
export function router(server: 'gateway' | 'oapi', platform: Platform): Matcher {
  const routes = routesOf(platform)
  const spelled = SPELLINGS[platform.codeSpelling]
  const paths = findMyWay({ maxParamLength: 10_000 })
  for (const operation of CALLS) {
    if (operation === 'put' || serverOf(operation) !== server) continue
    const { method, path } = pageOf(operation)
    const found: Found = { operation, perform: routes[operation] }
    paths.on(method as HTTPMethod, path.replaceAll(/\{(\w+)\}/g, ':$1'), () => undefined, found)
  }
  const notFound: Found = {
    operation: 'unknown',
    perform: () => {
      if (server === 'oapi') throw new OapiError(404, '请求的URI地址不存在')
      const message = 'Specified api is not found, please check your url and method.'
      throw new GatewayError(404, 'InvalidAction.NotFound', message)
    },
  }
  return (request, url) => {
    const match = paths.find(request.method as HTTPMethod, url.pathname)
    const { operation, perform } = (match?.store as Found | undefined) ?? notFound
    const call = { params: match?.params ?? {}, query: url.searchParams }
    return { operation, handler: (recorded) => callHandler(perform, request, recorded, call, spelled) }
  }
}

interface Found {
  readonly operation: Operation
  readonly perform: Perform
}

function callHandler(
  perform: Perform,
  request: IncomingMessage,
  recorded: RecordedRequest,
  { params, query }: Pick<Call, 'params' | 'query'>,
  spelled: (code: string) => string,
): RequestHandler {
  let body = ''
  let form: Call['form'] | undefined
  return {
    async receive() {
      const chunks: Uint8Array[] = []
      for await (const chunk of chunksOf(request, recorded)) {
        if (recorded.bytesReceived <= MAX_BODY) chunks.push(chunk)
      }
      const bytes = Buffer.concat(chunks)
      const contentType = request.headers['content-type'] ?? ''
      if (!contentType.startsWith('multipart/form-data')) body = recorded.body = bytes.toString()
      else form = await fieldsOf(bytes, contentType)
    },
    perform() {
      try {
        return {
          status: 200,
          body: perform({ headers: request.headers, params, query, body, ...(form && { form }) }),
        }
      } catch (error) {
        if (error instanceof GatewayError) return error.response(spelled(error.code))
        if (error instanceof OapiError) return error.response()
        throw error
      }
    },
  }
}

/** The fields of a form with files, each as text or as the bytes of a file; `undefined` if it can't be read. */
async function fieldsOf(body: Uint8Array<ArrayBuffer>, contentType: string): Promise<Call['form']> {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- unfit for servers on the internet; this one is for tests
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
    const fields = [...form].map(async ([name, value]) => {
      return [name, typeof value === 'string' ? value : await value.bytes()] as const
    })
    return new Map(await Promise.all(fields))
  } catch {
    return undefined
  }
}
