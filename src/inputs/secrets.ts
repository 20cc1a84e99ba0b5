/** The inputs that hold a secret. */
const SECRETS = ['app-secret', 'robot-webhook', 'robot-secret', 'github-token']

/** Every secret among the inputs, the access token of `robot-webhook` included: to be masked before anything can fail. */
export function secretInputs(read: (name: string) => string): string[] {
  const secrets = SECRETS.map((name) => read(name).trim())
  const accessToken = URL.parse(read('robot-webhook').trim())?.searchParams.get('access_token') ?? ''
  return [...secrets, accessToken].filter(Boolean)
}
