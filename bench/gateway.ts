import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

type Operation = 'accessToken' | 'userGet' | 'uploadInfo' | 'multipartInit' | 'multipartQuery' | 'commit'

const OPERATIONS: readonly [RegExp, Operation][] = [
  [/^\/v1\.0\/oauth2\/accessToken$/, 'accessToken'],
  [/^\/topapi\/v2\/user\/get$/, 'userGet'],
  [/^\/v1\.0\/storage\/spaces\/\d+\/files\/uploadInfos\/query$/, 'uploadInfo'],
  [/^\/v1\.0\/storage\/spaces\/\d+\/files\/multiPartUploadInfos\/init$/, 'multipartInit'],
  [/^\/v1\.0\/storage\/spaces\/files\/multiPartUploadInfos\/query$/, 'multipartQuery'],
  [/^\/v1\.0\/storage\/spaces\/\d+\/files\/commit$/, 'commit'],
]

/** Calls that do not count towards the organization's quota. */
const FREE: readonly Operation[] = ['accessToken', 'userGet']

/** A minimal stand-in for DingTalk's gateways. It accepts every call and directs uploads to the sink. */
export interface Gateway {
  readonly origin: string
  /** Directs all further uploads to `<storage>/<id>/`. */
  storeAt(storage: string, id: string): void
  /** Quota calls since the last `storeAt`. */
  readonly quotaCalls: number
  stop: () => void
}

export async function startGateway(): Promise<Gateway> {
  let objectUrl = ''
  let quotaCalls = 0
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const operation = OPERATIONS.find(([pattern]) => pattern.test(pathname))?.[1]
    void json(request).then((body) => {
      if (operation && !FREE.includes(operation)) quotaCalls++
      const content = operation
        ? RESPONSES[operation](body, objectUrl)
        : { code: 'UnknownApi', message: pathname }
      response.writeHead(operation ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(content))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    storeAt: (storage, id) => {
      objectUrl = `${storage}/${id}/object`
      quotaCalls = 0
    },
    get quotaCalls() {
      return quotaCalls
    },
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

type Body = Readonly<Record<string, unknown>>

const RESPONSES: Readonly<Record<Operation, (body: Body, objectUrl: string) => object>> = {
  accessToken: () => ({ accessToken: 'bench-access-token', expireIn: 7200 }),
  userGet: () => ({ errcode: 0, result: { userid: 'bench', unionid: 'benchUnionId' } }),
  uploadInfo: (_body, objectUrl) => ({ ...UPLOAD, headerSignatureInfo: signature(objectUrl) }),
  multipartInit: () => UPLOAD,
  multipartQuery: ({ partNumbers }, objectUrl) => ({
    multipartHeaderSignatureInfos: (partNumbers as number[]).map((partNumber) => ({
      partNumber,
      headerSignatureInfo: signature(`${objectUrl}?partNumber=${partNumber}&uploadId=1`),
    })),
  }),
  commit: ({ name, parentId }) => ({
    dentry: {
      id: '9007199254740993',
      spaceId: '1',
      parentId,
      type: 'FILE',
      name,
      uuid: 'benchUuid',
      createTime: new Date().toISOString(),
    },
  }),
}

const UPLOAD = { uploadKey: 'bench-upload-key', storageDriver: 'DINGTALK', protocol: 'HEADER_SIGNATURE' }

function signature(resourceUrl: string) {
  return {
    resourceUrls: [resourceUrl],
    headers: { Authorization: 'OSS bench:c2lnbmF0dXJl', 'x-oss-date': new Date().toUTCString() },
    expirationSeconds: 900,
    region: 'ZHANGJIAKOU',
    internalResourceUrls: [],
  }
}

async function json(request: IncomingMessage): Promise<Body> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string
  return text === '' ? {} : (JSON.parse(text) as Body)
}
