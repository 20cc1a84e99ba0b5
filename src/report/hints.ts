import { DingTalkError, UUID_REFUSAL } from '../dingtalk/errors.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import type { About } from '../domain.ts'
import { InputError, LocalFileError, TextError } from '../errors.ts'
import { joined, type Text, verbatim } from '../http/text.ts'
import { CONSOLE } from '../text/links.ts'
import { ADVICE, type Advice, type Hint, permissionName } from './advice.ts'

/**
 * Returns the cause and the fix of an error: the missing permission, or the first row of the advice that matches.
 *
 * @param appKey for links to the pages of permissions
 * @param about the input that the error is about, if the call is made for several inputs
 * @returns undefined if the error's own text is enough
 */
export function hintFor(
  error: unknown,
  { appKey, about }: { readonly appKey?: string | undefined; readonly about?: About | undefined } = {},
): Hint | undefined {
  const scopes = missingScopes(error)
  if (scopes.length > 0) return permissionHint(scopes, appKey)
  const advice = adviceFor(error)
  if (!advice) return undefined
  const { cause, fix, links } = advice
  const values = error instanceof DingTalkError ? placeholders(error, about) : {}
  return {
    ...(cause && { cause: filled(cause, values) }),
    fix: filled(fix, values),
    ...(links && { links }),
  }
}

/** The row of the advice for an error that isn't about a missing permission. */
export function adviceFor(error: unknown): Advice | undefined {
  if (error instanceof DingTalkError) {
    const { operation, kind, proxy } = error
    if (error.code === 'Cancelled' && !error.isInDoubt) return undefined
    const codes = [codeOf(error), error.canonicalCode]
    return ADVICE.find((row) => {
      const { inDoubt = false, calls, kinds, throughProxy } = row
      if (inDoubt !== error.isInDoubt || calls?.includes(operation) === false) return false
      const isMatch = codes.some((code) => matches(code, row.codes)) || kinds?.includes(kind)
      return inDoubt ? !row.codes || isMatch : (!throughProxy || proxy) && isMatch
    })
  }
  const call = error instanceof LocalFileError ? 'file' : 'unexpected'
  // The texts of these errors contain the fix.
  const isExplained = error instanceof TextError || error instanceof InputError || error === undefined
  if (isExplained && call !== 'file') return undefined
  const code = systemCode(error)
  return ADVICE.find(({ calls, codes }) => calls?.includes(call) && matches(code, codes))
}

function matches(code: string, patterns: readonly string[] = []): boolean {
  return patterns.some((pattern) => {
    if (pattern.endsWith('*')) return code.startsWith(pattern.slice(0, -1))
    return pattern.startsWith('*') ? code.endsWith(pattern.slice(1)) : code === pattern
  })
}

/** What the security settings of a custom robot reject, always with the code 310000, by the words of the message. */
const SECURITY: readonly (readonly [code: string, words: RegExp])[] = [
  ['310000 keyword', /keyword|关键词/i],
  ['310000 address', /\bip\b|白名单/i],
  ['310000 clock', /timestamp|expired|时间戳|过期/i],
  ['310000 signature', /sign|签名|加签/i],
]

/** The code, made more precise if it means several things. */
function codeOf({ code, message, operation }: DingTalkError): string {
  // description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳…;link:…
  const [description = ''] = message.split(/;\s*solution:/i)
  if (code === '310000') return SECURITY.find(([, words]) => words.test(description))?.[0] ?? code
  return operation === 'uploadInfo' && UUID_REFUSAL.test(message) ? 'Index: 0' : code
}

/** The code of the operating system, such as `ENOSPC`; empty if there is none. */
function systemCode(error: unknown): string {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown }
  const known = code ?? (Object(cause) as { code?: unknown }).code
  return typeof known === 'string' ? known : ''
}

/** The values of the placeholders in the advice. */
function placeholders({ operation, proxy = '' }: DingTalkError, about: About | undefined) {
  const isUser = operation === 'unionId'
  const name = isUser ? 'userId' : operation === 'openConversationId' ? 'chatId' : 'ID'
  const users: Text = { en: 'user-id or to-user-ids', zh: 'user-id 或 to-user-ids' }
  const input = about ? verbatim(about.input) : isUser ? users : verbatim('chat-id')
  const given = about?.value ?? ''
  const id: Text = about
    ? { en: `the ${name} "${given}" (${input.en})`, zh: ` ${name}「${given}」（${input.zh}）` }
    : { en: `the ${name} in ${input.en}`, zh: ` ${input.zh} 中的 ${name} ` }
  const isFolder = about?.input === 'folder-url' || about?.input === 'parent-id'
  const folder: Text = isFolder
    ? { en: `${about.input}: ${about.value}`, zh: `${about.input}：${about.value}` }
    : { en: 'folder-url, or space-id and parent-id', zh: 'folder-url，或 space-id 和 parent-id' }
  const baseUrl = verbatim(isUser ? 'oapi-base-url' : 'api-base-url')
  return { input, id, folder, baseUrl, proxy: verbatim(proxy) }
}

function filled({ en, zh }: Text, values: Readonly<Record<string, Text>>): Text {
  const fill = (text: string, half: keyof Text) =>
    text.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name]?.[half] ?? placeholder)
  return { en: fill(en, 'en'), zh: fill(zh, 'zh').trimStart() }
}

/** A hint in one paragraph. */
export function hintText({ cause, fix }: Hint): Text {
  return cause ? joined(cause, fix) : fix
}

/** Whether DingTalk can't find the folder. */
export function isFolderRefusal(error: unknown): boolean {
  return adviceFor(error)?.isFolder ?? false
}

/** The scopes of the missing permissions; none if the error has another reason. */
export function missingScopes(error: unknown): readonly string[] {
  if (!(error instanceof DingTalkError)) return []
  const { operation, requiredScopes } = error
  // The scopes come from a response. Users trust links in hints, so only the characters of a name may remain.
  if (requiredScopes.length > 0) return requiredScopes.map((scope) => scope.replace(/[^\w.]/g, ''))
  if (!error.isPermissionMissing) return []
  const { scope } = OPERATIONS[operation]
  return scope === '' ? [] : [scope]
}

/** How to enable permissions. @param appKey for links to the page of each permission */
export function permissionHint(scopes: readonly string[], appKey?: string): Hint {
  const [names, several] = [scopes.map(permissionName), scopes.length > 1]
  const pageOf = (scope: string) =>
    `${CONSOLE}appscope/apply?content=${encodeURIComponent(`${appKey ?? ''}#${scope}`.toWellFormed())}`
  return {
    cause: {
      en: `The app doesn't have the permission${several ? 's' : ''} ${names.join(', ')}.`,
      zh: `应用没有开通${several ? '以下' : ''}权限：${names.join('、')}。`,
    },
    fix: {
      en: `Enable ${several ? 'them' : 'it'}, then publish a new version of the app. The change takes effect after a few minutes.`,
      zh: `请开通${several ? '这些' : '该'}权限，然后发布应用的新版本。几分钟后生效。`,
    },
    links: appKey ? scopes.map((scope) => ({ name: permissionName(scope), url: pageOf(scope) })) : [CONSOLE],
  }
}
