// Calls an emulator with the vendor's SDK. A fresh clone doesn't have its packages, so the types that are used are declared here.
import { createRequire } from 'node:module'
import type { CallName } from '../contract/contract.ts'
import type { Emulator } from '../emulator/emulator.ts'
import { CALLS, pageOf } from '../emulator/http/operation.ts'
import { exampleValues } from '../test-support/contract-calls.ts'

/** The error that the SDK throws if the gateway rejects a call. */
export interface SdkError extends Error {
  code: string
  statusCode: number
  /** The body of the response. */
  data: { code: string; requestid: string; message: string }
  accessDeniedDetail?: unknown
}

/** A response, with a body that the SDK has checked against its own types. */
export interface SdkAnswer<Body> {
  statusCode: number
  body: Body
}

/** Changes to the call with the required parameters. `undefined` omits a parameter. */
export interface Change {
  path?: readonly string[]
  request?: Record<string, unknown>
  token?: string
}

type Model = new (fields: object) => object
type Method = (...parameters: unknown[]) => Promise<SdkAnswer<unknown>>
type Client = new (config: object) => Record<string, Method>

const require = createRequire(import.meta.url)

/** The calls that the SDK can make: those of the new gateway. */
export const SDK_CALLS = CALLS.filter((name) => pageOf(name).sdk)

/** Every call of the SDK that the action also makes. */
export class Sdk {
  readonly #emulator: Emulator
  #token: string | undefined

  constructor(emulator: Emulator) {
    this.#emulator = emulator
  }

  /** @throws SdkError as the SDK throws it */
  async call<Body>(name: CallName, change: Change = {}): Promise<SdkAnswer<Body>> {
    const { product, method, path, request } = minimalCall(name, this.#emulator)
    // The package's own entry loads all of its 278 products.
    const models = require(`@alicloud/dingtalk/dist/${product}/client.js`) as Record<string, Model>
    const client = new (models['default'] as unknown as Client)({
      protocol: 'http',
      regionId: 'central',
      endpoint: new URL(this.#emulator.values.apiBaseUrl).host,
    })
    const model = `${method.charAt(0).toUpperCase()}${method.slice(1)}`
    const [Request, Headers] = [models[`${model}Request`], models[`${model}Headers`]]
    const parameters = [
      ...(change.path ?? path),
      ...(Request ? [new Request({ ...request, ...change.request })] : []),
      // Only the call that obtains a token has no headers of its own.
      Headers ? new Headers({ xAcsDingtalkAccessToken: change.token ?? (await this.token()) }) : {},
      {},
    ]
    return (await client[`${method}WithOptions`]!(...parameters)) as SdkAnswer<Body>
  }

  /** @returns an access token that the SDK has obtained */
  async token(): Promise<string> {
    return (this.#token ??= (await this.call<{ accessToken: string }>('accessToken')).body.accessToken)
  }
}

/**
 * A call with only the required parameters. Upload keys, which an earlier call returns, are missing.
 *
 * @returns `path`: the parameters in the path, in the SDK's order; `request`: those in the query and the body, which the SDK
 * puts together
 */
function minimalCall(name: CallName, emulator: Emulator) {
  const page = pageOf(name)
  if (!page.sdk) throw new Error(`contract/contract.json names no method of the SDK for ${name}`)
  const values = exampleValues(name, emulator)
  const required = page.request.filter((one) => one.required && one.in !== 'path' && !one.name.includes('['))
  return {
    ...page.sdk,
    path: [...page.path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => String(values[parameter])),
    request: Object.fromEntries(required.map((one) => [one.name, values[one.name]])),
  }
}
