import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { credentials, type Certificate } from './certificate.ts'

type Operation = 'accessToken' | 'unionId' | 'uploadInfo' | 'multipartInit' | 'partInfo' | 'commit'

const OPERATIONS: readonly [RegExp, Operation][] = [
  [/^\/v1\.0\/oauth2\/accessToken$/, 'accessToken'],
  [/^\/topapi\/v2\/user\/get$/, 'unionId'],
  [/^\/v1\.0\/storage\/spaces\/\d+\/files\/uploadInfos\/query$/, 'uploadInfo'],
  [/^\/v1\.0\/storage\/spaces\/\d+\/files\/multiPartUploadInfos\/init$/, 'multipartInit'],
  [/^\/v1\.0\/storage\/spaces\/files\/multiPartUploadInfos\/query$/, 'partInfo'],
  [/^\/v1\.0\/storage\/spaces\/\d+\/files\/commit$/, 'commit'],
]

/** Calls that do not count towards the organization's quota. */
const FREE: readonly Operation[] = ['accessToken', 'unionId']

/** A minimal stand-in for DingTalk's gateways. It accepts every call and directs uploads to the sink. */
export interface Gateway {
  readonly port: number
  /** Directs all later uploads to `<storage>/<id>/`, each to its own object. */
  storeAt(storage: string, id: string): void
  /** Quota calls since the last `storeAt`. */
  readonly quotaCalls: number
  stop: () => void
}

/** @param certificate speaks TLS instead of plain HTTP */
export async function startGateway(certificate?: Certificate): Promise<Gateway> {
  let directory = ''
  let quotaCalls = 0
  let uploads = 0
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const operation = OPERATIONS.find(([pattern]) => pattern.test(pathname))?.[1]
    void json(request).then((body) => {
      if (operation && !FREE.includes(operation)) quotaCalls++
      if (operation === 'uploadInfo' || operation === 'multipartInit') uploads++
      const content = operation
        ? RESPONSES[operation](body, directory, uploads)
        : { code: 'UnknownApi', message: pathname }
      response.writeHead(operation ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(content))
    })
  }
  const options = { keepAliveTimeout: 60_000 }
  const server = certificate
    ? createHttpsServer({ ...options, ...credentials(certificate) }, answer)
    : createHttpServer(options, answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    storeAt: (storage, id) => {
      directory = `${storage}/${id}`
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

/** @param upload the number of the latest upload; its key is its object's name */
type Respond = (body: Body, directory: string, upload: number) => object

const RESPONSES: Readonly<Record<Operation, Respond>> = {
  accessToken: () => ({ accessToken: 'bench-access-token', expireIn: 7200 }),
  unionId: () => ({ errcode: 0, result: { userid: 'bench', unionid: 'benchUnionId' } }),
  uploadInfo: (_body, directory, upload) => ({
    ...uploadOf(upload),
    headerSignatureInfo: signature(`${directory}/object-${upload}`),
  }),
  multipartInit: (_body, _directory, upload) => uploadOf(upload),
  partInfo: ({ uploadKey, partNumbers }, directory) => ({
    multipartHeaderSignatureInfos: (partNumbers as number[]).map((partNumber) => ({
      partNumber,
      headerSignatureInfo: signature(`${directory}/${String(uploadKey)}?partNumber=${partNumber}&uploadId=1`),
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

function uploadOf(upload: number) {
  return { uploadKey: `object-${upload}`, storageDriver: 'DINGTALK', protocol: 'HEADER_SIGNATURE' }
}

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
