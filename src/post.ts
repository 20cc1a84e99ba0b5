import type { DingTalk } from './dingtalk/client.ts'
import { type JobResult, shownName, sizeOf } from './domain.ts'
import type { Runner } from './github/runner.ts'
import type { Http } from './http/http.ts'
import type { Text } from './http/text.ts'
import type { Inputs, MessageInputs, UploadInputs } from './inputs/inputs.ts'
import { findChats } from './send/chats.ts'
import { type Facts, filePlaceholders } from './send/placeholders.ts'
import { postMessage } from './send/post-message.ts'
import type { Recipient } from './send/recipients.ts'

/** What posting a message needs. */
interface Tools {
  readonly http: Http
  readonly context: {
    readonly dingtalk: DingTalk
    readonly retries: number
    readonly log: (line: Text) => void
  }
  readonly runner: Runner
}

/** Told where the message would list files, and none was found. */
export const NO_FILES_NO_MESSAGE: Text = {
  en: 'The message was not posted, because there are no files.',
  zh: '没有文件，因此未发送消息。',
}

/** Posts the message, if there is one and at least one file is in DingTalk. Fills in the result. */
export async function postWithFiles(
  result: JobResult,
  inputs: UploadInputs,
  recipients: readonly Recipient[],
  { http, context, runner }: Tools,
): Promise<void> {
  const { message, buttons, mentions, robot } = inputs
  const files = result.files.flatMap((file) =>
    file.uploaded ? [{ name: shownName(file), url: file.uploaded.url, size: sizeOf(file) }] : [],
  )
  if (!message || !robot || files.length === 0) return
  const chats = recipients.filter(({ kind }) => kind === 'chat')
  const post = { message, buttons, mentions, robot, chats, facts: factsOf(files, inputs, runner) }
  result.failures.push(...(await postMessage(post, http, context)).failures)
}

/** Posts a message without files. Makes no call that the message does not need. Fills in the result. */
export async function postAlone(
  result: JobResult,
  inputs: MessageInputs,
  { http, context, runner }: Tools,
): Promise<void> {
  const { message, buttons, mentions, robot } = inputs
  if (!robot) return
  const missing = filePlaceholders(message)
  if (missing) runner.warning(missing)
  const chats = robot.kind === 'app' ? await findChats(inputs.chats, context.dingtalk, result.failures) : []
  const post = { message, buttons, mentions, robot, chats, facts: factsOf([], inputs, runner) }
  result.message = await postMessage(post, http, context)
  result.failures.push(...result.message.failures)
}

/** What the placeholders of a message stand for. */
function factsOf(files: Facts['files'], { status, language }: Inputs, runner: Runner): Facts {
  return { files, status, run: runner.workflowRun(), language }
}
