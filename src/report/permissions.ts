import { DingTalkError } from '../dingtalk/errors.ts'
import { OPERATIONS } from '../dingtalk/operations.ts'
import type { Hint } from './hint.ts'

/** DingTalk's developer console. */
export const CONSOLE = 'https://open-dev.dingtalk.com/'

/** The permissions' names in DingTalk's console, by scope. */
export const SCOPES: Readonly<Record<string, string>> = {
  qyapi_base: '调用企业API基础权限',
  qyapi_get_member: '成员信息读权限',
  'Storage.UploadInfo.Read': '企业存储文件上传信息读权限',
  'Storage.File.Write': '企业存储文件写权限',
  'Storage.File.Read': '企业存储文件读权限',
  'Document.WorkspaceDocument.Read': '知识库文档读权限',
  qyapi_chat_read: '钉钉群基础信息读权限',
  'ConvFile.File.Send': '群文件发送权限',
  'ConvFile.Space.Read': '群文件空间读权限',
  qyapi_robot_sendmsg: '企业内机器人发送消息权限',
}

/** The scopes that were missing when the platform refused something; none if it refused for another reason. */
export function missingScopes(error: unknown): readonly string[] {
  if (!(error instanceof DingTalkError)) return []
  const { code, operation, requiredScopes } = error
  // The platform's text: only a name may pass, since a link in a hint would be trusted.
  if (requiredScopes.length > 0) return requiredScopes.map((scope) => scope.replace(/[^\w.]/g, ''))
  if (!code.endsWith('AccessTokenPermissionDenied') && code !== '60011') return []
  const needed = OPERATIONS[operation]
  return 'scope' in needed ? [needed.scope] : []
}

/** A permission as the console and the platform's answers name it: `企业存储文件写权限 (Storage.File.Write)`. */
export function permissionName(scope: string): string {
  const name = Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined
  return name ? `${name} (${scope})` : scope
}

/**
 * How permissions are granted.
 *
 * @param appKey for links that lead to each permission's own page
 */
export function permissionHint(scopes: readonly string[], appKey?: string): Hint {
  const names = scopes.map(permissionName)
  const several = scopes.length > 1
  return {
    cause: {
      en: `The app doesn't have the permission${several ? 's' : ''} ${names.join(', ')}.`,
      zh: `应用没有开通${several ? '以下' : ''}权限：${names.join('、')}。`,
    },
    fix: {
      en: `Enable ${several ? 'them' : 'it'}, then publish a new version of the app.`,
      zh: `请开通${several ? '这些' : '该'}权限，然后发布应用的新版本。`,
    },
    link:
      appKey === undefined || appKey === ''
        ? CONSOLE
        : scopes
            .map(
              (scope) =>
                `${CONSOLE}appscope/apply?content=${encodeURIComponent(`${appKey}#${scope}`.toWellFormed())}`,
            )
            .join(' '),
  }
}
