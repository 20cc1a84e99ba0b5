import { readFileSync } from 'node:fs'
import { control, isControl } from './control/control.ts'
import { deletedEntry, storedFile } from './drive/stored-file.ts'
import { requestListener } from './faults/request-listener.ts'
import type { ResponderOptions } from './faults/responder.ts'
import { FaultSchedule } from './faults/schedule.ts'
import { oapiNotFound } from './gateways/oapi.ts'
import { router } from './gateways/router.ts'
import { apiNotFound, gatewayRoutes } from './gateways/routes.ts'
import type { RequestListener } from './http/listener.ts'
import { Servers } from './http/servers.ts'
import type { Emulator, EmulatorOptions } from './interface.ts'
import { type Modes, modesOf } from './modes.ts'
import { createOrganization, type Others } from './organization/organization.ts'
import { createPlatform, type Platform } from './organization/platform.ts'
import { ObjectStore } from './oss/object-store.ts'
import { PutMatcher } from './oss/put-matcher.ts'
import { openStorageDirectory } from './oss/storage-directory.ts'

export type { StoredFile } from './drive/stored-file.ts'
export type { Fault, Play } from './faults/fault.ts'
export type { Operation, Server } from './http/operation.ts'
export type { RecordedRequest } from './http/recorded-request.ts'
export type { Emulator, EmulatorOptions } from './interface.ts'
export type { Message } from './organization/chats.ts'
export type { Values } from './organization/organization.ts'

/** Starts DingTalk's two gateways and its object storage, each on its own loopback port. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const storage = openStorageDirectory(options.storage)
  const objects = new ObjectStore(storage.path)
  const storageOrigins: string[] = []
  const modes = modesOf(options)
  const platform = platformOf(options, modes, storageOrigins)
  const puts = new PutMatcher(
    platform.oss,
    objects,
    modes.storageAnswers === 'plain' ? 'none' : modes.etag,
    options.maxPuts,
  )
  const closing = new AbortController()
  const responding: ResponderOptions = {
    clock: platform.clock,
    faults: new FaultSchedule(),
    requests: [],
    latency: options.latency ?? 0,
    closing: closing.signal,
  }
  const host = modes.addresses === 'two' ? 'localhost' : '127.0.0.1'
  const servers = serversOf(platform, puts, responding, host, (request, response) => {
    void answerControl(request, response)
  })
  try {
    await servers.listen(options.port ?? 0)
  } catch (error) {
    storage.remove()
    throw error
  }
  storageOrigins.push(...servers.origins('oss'))
  const organization = createOrganization(
    platform,
    storage.path,
    servers.origins('gateway')[0],
    servers.origins('oapi')[0],
  )
  const emulator: Emulator = {
    ...organization,
    ...storedFiles(platform),
    ...connections(servers),
    requests: responding.requests,
    faults: responding.faults,
    onFault: (listener) => {
      responding.faults.onStart(listener)
    },
    scopes: platform.scopes,
    messages: platform.chats.messages,
    secrets: () => issuedSecrets(platform, organization.others),
    expireAccessTokens: () => {
      platform.tokens.expireAll()
    },
    get peakParallelPuts() {
      return puts.peakParallelPuts
    },
    close: async () => {
      closing.abort()
      await servers.close()
      await objects.close()
      storage.remove()
    },
  }
  const answerControl = control(emulator, platform)
  return emulator
}

/** @param storageOrigins the origins of OSS; filled once it listens */
function platformOf(options: EmulatorOptions, modes: Modes, storageOrigins: readonly string[]): Platform {
  return createPlatform({
    ...modes,
    clock: options.clock ?? Date.now,
    accessTokenLifetime: options.accessTokenLifetime ?? 7200,
    storageClockSkew: options.storageClockSkew ?? 0,
    oss: {
      signing: modes.signing,
      signatureLifetime: options.signatureLifetime ?? 900,
      deadResourceHosts: options.deadResourceHosts ?? 0,
      origins: storageOrigins,
    },
  })
}

const SPELLINGS: Readonly<Record<Platform['codeSpelling'], (code: string) => string>> = {
  dotted: (code) => code,
  dashed: (code) => code.replace(/^paramError\./, 'paramError-'),
  prefixed: (code) =>
    code.replace(/^paramError\.(\w)/, (_, first: string) => `Invalid${first.toUpperCase()}`),
}

/** @param answerControl handles the requests to the control API, which shares the new gateway's port */
function serversOf(
  platform: Platform,
  puts: PutMatcher,
  responding: ResponderOptions,
  host: string,
  answerControl: RequestListener,
): Servers {
  const routes = gatewayRoutes(platform)
  const spelling = SPELLINGS[platform.codeSpelling]
  const gateway = requestListener('gateway', router('gateway', routes, apiNotFound, spelling), responding)
  return new Servers(
    {
      gateway: (request, response, url) => {
        if (isControl(url)) answerControl(request, response, url)
        else gateway(request, response, url)
      },
      oapi: requestListener('oapi', router('oapi', routes, oapiNotFound), responding),
      oss: requestListener('oss', puts.match, responding),
    },
    host,
  )
}

function issuedSecrets(
  { appSecret, tokens, oss }: Platform,
  { customRobot, keywordRobot, secondRobot }: Others,
): string[] {
  const webhooks = [customRobot, keywordRobot, secondRobot].map(
    ({ webhook }) => new URL(webhook).searchParams.get('access_token') ?? '',
  )
  return [appSecret, customRobot.secret, secondRobot.secret, ...webhooks, ...tokens.issued, ...oss.issued]
}

function connections(servers: Servers): Pick<Emulator, 'refuseConnections' | 'acceptConnections'> {
  return {
    refuseConnections: (server) => {
      servers.refuseConnections(server)
    },
    acceptConnections: (server) => servers.acceptConnections(server),
  }
}

/** Access to the files of the drive. */
function storedFiles({ drive }: Platform): Pick<Emulator, 'files' | 'deleted' | 'contents' | 'contentsPath'> {
  const contentsPath = (dentryId: string) => {
    const object = drive.byId(dentryId)?.object
    if (!object) throw new Error(`there is no file ${dentryId}`)
    return object.path
  }
  return {
    files: () => drive.files().map((dentry) => storedFile(drive, dentry)),
    deleted: () => drive.deletions.map(deletedEntry),
    contents: (dentryId) => readFileSync(contentsPath(dentryId)),
    contentsPath,
  }
}
