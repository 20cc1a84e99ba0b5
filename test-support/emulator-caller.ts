import { request } from 'undici'
import type { Emulator } from '../emulator/emulator.ts'
import type { HeaderSignatureInfo } from '../emulator/oss/oss.ts'

/** A response with its body. */
export interface CallResponse {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  json: Json
}

/** The fields of all responses that tests read. A missing field fails the test that expects it. */
interface Json {
  code: string
  accessdenieddetail: object
  errcode: number
  media_id: string
  accessToken: string
  uploadKey: string
  headerSignatureInfo: HeaderSignatureInfo
  multipartHeaderSignatureInfos: { partNumber: number; headerSignatureInfo: HeaderSignatureInfo }[]
  dentry: { id: string; uuid: string; name: string; path: string; size: number; createTime: string }
  dentries: { name: string }[]
  nextToken?: string
  file: { id: string; spaceId: string }
  /** Of the emulator's control API. */
  values: Emulator['values']
  requests: unknown[]
  faultsPlayed: unknown[]
  error: string
}

export interface Given {
  method?: string
  query?: Record<string, string>
  /** An object is sent as JSON, or as a form with files. */
  body?: unknown
  headers?: Record<string, string>
  /** Replaces the valid access token; `''` is none. */
  token?: string
}

/** Calls an emulator directly over HTTP. */
export class Caller {
  readonly #emulator: Emulator
  #token: string | undefined

  constructor(emulator: Emulator) {
    this.#emulator = emulator
  }

  async token(): Promise<string> {
    const { appKey, appSecret } = this.#emulator.values
    const { json } = await this.gateway('/v1.0/oauth2/accessToken', {
      token: '',
      body: { appKey, appSecret },
    })
    return json.accessToken
  }

  /** A call to the new gateway as the operator, with a valid token. */
  async gateway(path: string, given: Given = {}): Promise<CallResponse> {
    const { apiBaseUrl, unionId } = this.#emulator.values
    const token = given.token ?? (this.#token ??= await this.token())
    const isText = typeof given.body === 'string'
    return this.http(`${apiBaseUrl}${path}?${new URLSearchParams(given.query ?? { unionId }).toString()}`, {
      method: given.method ?? 'POST',
      headers: {
        ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === '' ? {} : { 'x-acs-dingtalk-access-token': token }),
        ...given.headers,
      },
      ...(given.body === undefined ? {} : { body: isText ? given.body : JSON.stringify(given.body) }),
    })
  }

  async oapi(path: string, given: Given = {}): Promise<CallResponse> {
    const query = given.query ?? { access_token: given.token ?? (this.#token ??= await this.token()) }
    const form = given.body instanceof FormData ? new Response(given.body) : undefined
    return this.http(`${this.#emulator.values.oapiBaseUrl}${path}?${new URLSearchParams(query).toString()}`, {
      method: 'POST',
      headers: { 'content-type': form?.headers.get('content-type') ?? 'application/json', ...given.headers },
      // Outside of Jest, undici's request hangs with a form.
      body:
        (await form?.bytes()) ?? (typeof given.body === 'string' ? given.body : JSON.stringify(given.body)),
    })
  }

  async http(url: string, options: object): Promise<CallResponse> {
    const { statusCode, headers, body } = await request(url, options)
    const text = await body.text()
    return { status: statusCode, headers, text, json: parsed(text) as Json }
  }

  async uploadInfo(preCheckParam: object = {}): Promise<{ uploadKey: string } & HeaderSignatureInfo> {
    const { spaceId } = this.#emulator.values
    const { json } = await this.gateway(`/v1.0/storage/spaces/${spaceId}/files/uploadInfos/query`, {
      body: {
        protocol: 'HEADER_SIGNATURE',
        multipart: false,
        option: { storageDriver: 'DINGTALK', preCheckParam },
      },
    })
    return { uploadKey: json.uploadKey, ...json.headerSignatureInfo }
  }

  put(
    { resourceUrls, headers }: HeaderSignatureInfo,
    body: string | Buffer,
    more: Record<string, string> = {},
  ): Promise<CallResponse> {
    return this.http(resourceUrls[0] ?? '', { method: 'PUT', headers: { ...headers, ...more }, body })
  }

  /** @returns the upload key */
  async stored(bytes: string | Buffer): Promise<string> {
    const info = await this.uploadInfo()
    await this.put(info, bytes)
    return info.uploadKey
  }

  /** @param by the union ID of who saves the file; default: the operator's */
  commit(
    uploadKey: string,
    name: string,
    option: object = {},
    more: object = {},
    by = this.#emulator.values.unionId,
  ): Promise<CallResponse> {
    const { spaceId, parentId } = this.#emulator.values
    return this.gateway(`/v1.0/storage/spaces/${spaceId}/files/commit`, {
      query: { unionId: by },
      body: { uploadKey, name, parentId, option, ...more },
    })
  }

  async upload(name: string, bytes: string | Buffer, option: object = {}): Promise<CallResponse> {
    return this.commit(await this.stored(bytes), name, option)
  }

  async multipart(
    partNumbers: number[],
  ): Promise<{ uploadKey: string; parts: Map<number, HeaderSignatureInfo> }> {
    const { spaceId } = this.#emulator.values
    const init = await this.gateway(`/v1.0/storage/spaces/${spaceId}/files/multiPartUploadInfos/init`, {
      body: { option: { storageDriver: 'DINGTALK' } },
    })
    const { uploadKey } = init.json
    const parts = await this.parts(uploadKey, partNumbers)
    const infos = parts.json.multipartHeaderSignatureInfos
    return {
      uploadKey,
      parts: new Map(infos.map(({ partNumber, headerSignatureInfo }) => [partNumber, headerSignatureInfo])),
    }
  }

  parts(uploadKey: string, partNumbers: unknown): Promise<CallResponse> {
    return this.gateway('/v1.0/storage/spaces/files/multiPartUploadInfos/query', {
      body: { uploadKey, partNumbers },
    })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
