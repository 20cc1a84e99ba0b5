import type { IncomingMessage } from 'node:http'
import { chunksOf } from '../http/body.ts'
import { GatewayError, OapiError } from '../http/errors.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { RequestHandler } from '../http/request-handler.ts'
import type { Call, Perform } from './route.ts'

/** Maximum size of a body, in bytes. */
const MAX_BODY = 32 * 1024 ** 2

/** Handles a call to a gateway. */
export function callHandler(
  perform: Perform,
  request: IncomingMessage,
  recorded: RecordedRequest,
  { params, query }: Pick<Call, 'params' | 'query'>,
  spelled: (code: string) => string = (code) => code,
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
