import { readFileSync } from 'node:fs'
import { control, isControl } from './control/control.ts'
import { deletedEntry, storedFile } from './drive/stored-file.ts'
import { requestListener, type ResponderOptions } from './faults/responder.ts'
import { FaultSchedule } from './faults/schedule.ts'
import { router } from './gateways/router.ts'
import { Listener } from './http/listener.ts'
import type { Server } from './http/operation.ts'
import type { Emulator } from './interface.ts'
import { settingsOf, type EmulatorOptions } from './modes.ts'
import { createOrganization, type Others } from './organization/organization.ts'
import { createPlatform, type Platform } from './organization/platform.ts'
import { ObjectStore } from './oss/object-store.ts'
import { Puts } from './oss/puts.ts'

export type { StoredFile } from './drive/stored-file.ts'
export type { Fault, Play } from './faults/fault.ts'
export type { Operation, Server } from './http/operation.ts'
export type { RecordedRequest } from './http/request.ts'
export type { Emulator } from './interface.ts'
export type { EmulatorOptions } from './modes.ts'
export type { Message } from './organization/chats.ts'
export type { Values } from './organization/organization.ts'

/** Starts DingTalk's two gateways and its object storage, each on its own loopback port. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { clock = Date.now, storage: directory, ...given } = options
  const settings = settingsOf(given)
  const objects = new ObjectStore(directory)
  const storageOrigins: string[] = []
  const platform = createPlatform(settings, clock, storageOrigins)
  const puts = new Puts(platform.oss, objects, settings)
  const closing = new AbortController()
  const faults = new FaultSchedule()
  const responding: ResponderOptions = {
    clock,
    faults,
    requests: [],
    latency: settings.latency,
    closing: closing.signal,
  }
  const gateway = requestListener('gateway', router('gateway', platform), responding)
  const storage = requestListener('oss', puts.match, responding)
  const host = settings.addresses === 'two' ? 'localhost' : '127.0.0.1'
  // The control API shares the new gateway's port.
  const api = new Listener((request, response, url) => {
    if (isControl(url)) void respondToControl(request, response)
    else gateway(request, response, url)
  }, host)
  const oapi = new Listener(requestListener('oapi', router('oapi', platform), responding), host)
  // The platform offers several hosts for its storage.
  const oss = [new Listener(storage, host), new Listener(storage, host)]
  const servers: Readonly<Record<Server, readonly Listener[]>> = { gateway: [api], oapi: [oapi], oss }
  const close = async () => {
    closing.abort()
    await Promise.all([api, oapi, ...oss].map((listener) => listener.close()))
    await objects.close()
  }
  try {
    await api.listen(settings.port)
    for (const listener of [oapi, ...oss]) await listener.listen()
  } catch (error) {
    await close()
    throw error
  }
  storageOrigins.push(...oss.map(({ origin }) => origin))
  const { values, others } = createOrganization(platform, objects.directory, api.origin, oapi.origin)
  const { drive } = platform
  const contentsPath = (dentryId: string) => {
    const object = drive.byId(dentryId)?.object
    if (!object) throw new Error(`there is no file ${dentryId}`)
    return object.path
  }
  const emulator: Emulator = {
    values,
    others,
    requests: responding.requests,
    faults,
    scopes: platform.scopes,
    messages: platform.chats.messages,
    deleted: () => drive.deletions.map(deletedEntry),
    files: () => drive.files().map((dentry) => storedFile(drive, dentry)),
    contents: (dentryId) => readFileSync(contentsPath(dentryId)),
    contentsPath,
    secrets: () => issuedSecrets(platform, others),
    expireAccessTokens: () => {
      platform.tokens.expireAll()
    },
    refuseConnections: (server) => {
      for (const listener of servers[server]) listener.refuse()
    },
    acceptConnections: async (server) => {
      await Promise.all(servers[server].map((listener) => listener.listen()))
    },
    onFault: (listener) => {
      faults.onStart(listener)
    },
    get peakParallelPuts() {
      return puts.peakParallelPuts
    },
    close,
  }
  const respondToControl = control(emulator, platform)
  return emulator
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
