import { canonicalCode } from '../dingtalk/codes.ts'
import { DingTalkError, UUID_REFUSAL } from '../dingtalk/errors.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import type { About } from '../domain.ts'
import { InputError, LocalFileError, TextError } from '../errors.ts'
import { joined, type Text, verbatim } from '../http/text.ts'
import { CONSOLE } from '../text/links.ts'
import { ADVICE, type Advice, type Hint, permissionName } from './advice.ts'

/**
 * What is wrong, and what the user can do about it: by the permission that is missing, or else by the first row of the
 * advice that matches.
 *
 * @param appKey for links that lead to each permission's own page
 * @param about the input that the error is about, where a call is made for several
 * @returns undefined where the error's own text says all of it
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

/** The row of the advice that an error leads to, unless a permission is missing. */
export function adviceFor(error: unknown): Advice | undefined {
  if (error instanceof DingTalkError) {
    const { operation, kind, proxy } = error
    const code = codeOf(error)
    if (code === 'Cancelled' && !error.isInDoubt) return undefined
    return ADVICE.find(({ inDoubt = false, calls, codes, kinds, throughProxy }) => {
      if (inDoubt !== error.isInDoubt || calls?.includes(operation) === false) return false
      if (inDoubt) return !codes || matches(code, codes)
      const isMatch = matches(code, codes) || matches(canonicalCode(code), codes) || kinds?.includes(kind)
      return (!throughProxy || proxy) && isMatch
    })
  }
  const call = error instanceof LocalFileError ? 'file' : 'unexpected'
  // Errors about inputs and the like say themselves what to do.
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

/** What the security settings of a custom robot reject, all of it with the code 310000, by the words of the message. */
const SECURITY: readonly (readonly [code: string, words: RegExp])[] = [
  ['310000 keyword', /keyword|关键词/i],
  ['310000 clock', /timestamp|expired|时间戳|过期/i],
  ['310000 signature', /sign|签名|加签/i],
]

/** The code, made more precise where one code means several things. */
function codeOf({ code, message, operation }: DingTalkError): string {
  // description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳…;link:…
  const [description = ''] = message.split(/;\s*solution:/i)
  if (code === '310000') return SECURITY.find(([, words]) => words.test(description))?.[0] ?? code
  return operation === 'uploadInfo' && UUID_REFUSAL.test(message) ? 'Index: 0' : code
}

/** The code of the runner's system, such as `ENOSPC`; empty if there is none. */
function systemCode(error: unknown): string {
  const { code, cause, message } = Object(error) as { code?: unknown; cause?: unknown; message?: unknown }
  const known = code ?? (Object(cause) as { code?: unknown }).code
  // Where the cause comes from another thread, only its message is left.
  return typeof known === 'string' ? known : (/\b(E[A-Z\d]{3,}):/.exec(String(message))?.[1] ?? '')
}

/** What stands for the placeholders of the advice. */
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

/** A hint in one paragraph: the cause, and what to do. */
export function hintText({ cause, fix }: Hint): Text {
  return cause ? joined(cause, fix) : fix
}

/** Whether DingTalk rejected the folder itself. */
export function isFolderRefusal(error: unknown): boolean {
  return adviceFor(error)?.isFolder ?? false
}

/** The scopes that were missing when DingTalk rejected something; none if it rejected it for another reason. */
export function missingScopes(error: unknown): readonly string[] {
  if (!(error instanceof DingTalkError)) return []
  const { code, operation, requiredScopes } = error
  // The platform's text: only a name may pass, since a link in a hint would be trusted.
  if (requiredScopes.length > 0) return requiredScopes.map((scope) => scope.replace(/[^\w.]/g, ''))
  if (!code.endsWith('AccessTokenPermissionDenied') && code !== '60011') return []
  const { scope } = OPERATIONS[operation]
  return scope === '' ? [] : [scope]
}

/**
 * How permissions are granted.
 *
 * @param appKey for links that lead to each permission's own page
 */
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
      en: `Enable ${several ? 'them' : 'it'}, then publish a new version of the app. That takes a few minutes to take effect.`,
      zh: `请开通${several ? '这些' : '该'}权限，然后发布应用的新版本。几分钟后生效。`,
    },
    links: appKey ? scopes.map((scope) => ({ name: permissionName(scope), url: pageOf(scope) })) : [CONSOLE],
  }
}
