import type { Text } from '../http/text.ts'
import { MAX_MESSAGE, messageSize } from '../send/message.ts'
import { hasPlaceholder, type Status } from '../send/placeholders.ts'
import type { InputReader } from './reader.ts'

/**
 * Whether the message is all that is asked for: there is nothing to upload. A check needs no files to check an upload, so
 * there the folder decides.
 */
export function isMessageAlone(
  reader: InputReader<
    'folder-url' | 'message' | 'mode' | 'parent-uuid' | 'path' | 'release-tag' | 'space-id'
  >,
): boolean {
  if (!reader.text('message') || reader.text('path') || reader.text('release-tag')) return false
  const isCheck = reader.text('mode').toLowerCase() === 'check'
  return !isCheck || !(reader.text('folder-url') || reader.text('space-id') || reader.text('parent-uuid'))
}

/** Rejects inputs that need files if the message is posted alone. Defaults, folders, and operators are ignored. */
export function refuseFileInputs(
  reader: InputReader<'archive' | 'keep-directories' | 'keep-last' | 'name' | 'to-user-ids'>,
): void {
  const refused = {
    en: 'This input requires path or release-tag. Neither is set, so there are no files: only the message is posted. Set one of them, or remove this input.',
    zh: '该输入需要与 path 或 release-tag 一同填写。二者都没有填写，没有要上传的文件，只会发送消息。请填写其中一个，或删除该输入。',
  }
  for (const name of ['name', 'keep-last', 'to-user-ids'] as const)
    if (reader.text(name)) reader.problem(name, refused)
  for (const name of ['keep-directories', 'archive'] as const)
    if (reader.text(name).toLowerCase() === 'true') reader.problem(name, refused)
}

const STATUSES: Readonly<Record<Status, Status>> = {
  success: 'success',
  failure: 'failure',
  cancelled: 'cancelled',
}

/** Reads the status of the job, which `{status}` needs. @param templates all texts that can contain it */
export function readStatus(
  reader: InputReader<'status'>,
  ...templates: readonly string[]
): Status | undefined {
  if (reader.text('status')) return reader.choice('status', STATUSES)
  if (templates.some((template) => hasPlaceholder(template, 'status'))) {
    reader.problem('status', {
      en: 'Required, because message or buttons contain {status}. Add the line status: ${{ job.status }} to the step.',
      zh: 'message 或 buttons 中使用了 {status}，因此必填。请在该步骤中添加 status: ${{ job.status }} 这一行。',
    })
  }
  return undefined
}

/** Reads the message. A robot must be there to post it, and a group for the app's own robot to post it in. */
export function readMessage(
  reader: InputReader<'chat-id' | 'message' | 'robot-code' | 'robot-webhook'>,
): string {
  const message = reader.text('message', refusalOfMessage)
  const code = reader.text('robot-code')
  if (message && !code && !reader.text('robot-webhook')) {
    reader.problem('message', {
      en: 'Posting a message requires robot-code or robot-webhook, and neither is set. If robot-webhook comes from a secret, check that the secret exists; workflows for pull requests from forks get no secrets.',
      zh: '发送消息需要 robot-code 或 robot-webhook，二者都没有填写。如果 robot-webhook 取自 secret，请确认该 secret 已设置；来自 fork 的 pull request 无法读取 secret。',
    })
  }
  if (message && code && !reader.text('chat-id')) {
    reader.problem('chat-id', {
      en: 'Required when robot-code posts the message: the robot posts it in these groups.',
      zh: '使用 robot-code 发送 message 时必填：机器人在这些群中发送消息。',
    })
  }
  return message
}

function refusalOfMessage(message: string): Text | undefined {
  const bytes = messageSize({ title: '', text: message })
  if (bytes <= MAX_MESSAGE) return undefined
  return {
    en: `The message is too long: it has ${bytes} bytes, and at most ${MAX_MESSAGE} are allowed.`,
    zh: `消息过长：共 ${bytes} 字节，最多 ${MAX_MESSAGE} 字节。`,
  }
}
