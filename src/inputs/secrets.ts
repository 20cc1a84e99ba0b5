import { mobilesIn } from './mentions.ts'
import { secretLines } from './robot.ts'

/** The inputs that hold a secret. */
export const SECRETS: readonly string[] = ['app-secret', 'robot-webhook', 'robot-secret', 'github-token']

/**
 * Every secret among the inputs, to be masked before anything can fail: each webhook with its access token, each signing
 * secret, and the mobile numbers, which are personal data. The runner masks line by line.
 */
export function secretInputs(read: (name: string) => string): string[] {
  const webhooks = secretLines(read('robot-webhook'))
  const accessTokens = webhooks.map((webhook) => URL.parse(webhook)?.searchParams.get('access_token') ?? '')
  return [
    ...['app-secret', 'github-token'].map((name) => read(name).trim()),
    ...webhooks,
    ...accessTokens,
    ...secretLines(read('robot-secret')),
    ...mobilesIn(read('at-mobiles')),
  ].filter(Boolean)
}
