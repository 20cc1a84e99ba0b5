import { createHmac, randomUUID } from 'node:crypto'
import { DingTalkError } from './errors.ts'
import type { Mentions } from './mentions.ts'
import { readOapiResponse } from './responses/oapi.ts'
import { WebhookResponse } from './responses/schema.ts'
import { webhookBodyOf, type RobotMessage } from './robot-message.ts'
import { verbatim, type Text } from './text.ts'
import type { Http } from './transport/http.ts'
import { withRetries, type RetryOptions } from './transport/retry.ts'

/** A custom robot of a group. */
export interface CustomRobot {
  /** `https://oapi.dingtalk.com/robot/send?access_token=…`: a secret. */
  webhook: string
  /** `SEC…`, if its calls are to be signed. */
  secret?: string
}

/**
 * Posts a message in the robot's group: a new one each time. Page: `custom-robots-send-group-messages`. A post whose
 * answer was lost is posted again with the same `msgUuid`, by which the platform knows that it is the same message.
 *
 * @throws DingTalkError; with `mayHaveHappened`, the message may be there all the same
 */
export async function postByWebhook(
  { webhook, secret }: CustomRobot,
  message: RobotMessage & { readonly mentions?: Mentions | undefined },
  http: Http,
  retryOptions: RetryOptions,
): Promise<void> {
  const operation = 'postByWebhook'
  const body = JSON.stringify({ ...webhookBodyOf(message, message.mentions), msgUuid: randomUUID() })
  let doubt: DingTalkError | undefined
  const post = async () => {
    const url = new URL(webhook)
    if (secret !== undefined) {
      const timestamp = String(retryOptions.clock.now())
      url.searchParams.set('timestamp', timestamp)
      const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
      url.searchParams.set('sign', sign)
    }
    const answer = await http.send({
      operation,
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body,
      signal: retryOptions.signal,
    })
    readOapiResponse(operation, answer, WebhookResponse)
  }
  try {
    await withRetries(operation, retryOptions, async () => {
      try {
        await post()
      } catch (error) {
        if (error instanceof DingTalkError && error.isInDoubt) doubt = error
        throw error
      }
    })
  } catch (error) {
    // What refuses a message would have refused it before. Whatever else ended the tries says nothing about them.
    const refused = error instanceof DingTalkError && error.kind === 'refused' && error.code !== 'Cancelled'
    throw doubt && !refused ? stillInDoubt(doubt, error, retryOptions.signal) : error
  }
}

const NOT_AGAIN: Text = {
  en: 'The job was cancelled before the message could be posted again.',
  zh: '任务在再次发送消息之前已取消。',
}

/** What ended the tries, where an earlier one may have had its effect. */
function stillInDoubt(doubt: DingTalkError, end: unknown, signal: AbortSignal | undefined): DingTalkError {
  if (end instanceof DingTalkError && end.isInDoubt) return end
  // It says already that the job was cancelled.
  if (doubt.code === 'Cancelled') return doubt
  if (signal?.aborted && end === signal.reason && !(end instanceof DingTalkError))
    return doubt.withSentence(NOT_AGAIN)
  const why =
    end instanceof DingTalkError
      ? { en: `${end.code}: ${end.text.en}`, zh: `${end.code}：${end.text.zh}` }
      : verbatim(String(end))
  return doubt.withSentence({
    en: `The message could not be posted again (${why.en}).`,
    zh: `再次发送消息失败（${why.zh}）。`,
  })
}
