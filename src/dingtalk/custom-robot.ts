import { createHmac } from 'node:crypto'
import { readOapiResponse } from './responses/oapi.ts'
import { WebhookResponse } from './responses/schema.ts'
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
 * Posts Markdown in the robot's group: a new message each time. Page: `custom-robots-send-group-messages`.
 *
 * @throws DingTalkError; with `mayHaveHappened`, the message may be there all the same
 */
export async function postByWebhook(
  { webhook, secret }: CustomRobot,
  markdown: { title: string; text: string },
  http: Http,
  retryOptions: RetryOptions,
): Promise<void> {
  const operation = 'postByWebhook'
  await withRetries(operation, retryOptions, async () => {
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
      body: JSON.stringify({ msgtype: 'markdown', markdown }),
      signal: retryOptions.signal,
    })
    return readOapiResponse(operation, answer, WebhookResponse)
  })
}
