// A stand-in for gh, as far as the setup uses it. Version 2.23 of Debian 12 has no command for variables.
import { text } from 'node:stream/consumers'
import { GH_STATE, readState, recordCall, writeState } from './state.ts'

const args = process.argv.slice(2)
const input = await text(process.stdin)
recordCall('gh', args, input)
const state = readState('gh', GH_STATE)
const [command = '', action = '', name = ''] = args

function fail(message: string, exitCode = 1): never {
  console.error(message)
  process.exit(exitCode)
}

const flag = (option: string) => args[args.indexOf(option) + 1] ?? ''

if (!state.loggedIn)
  fail(
    'You are not logged into any GitHub hosts. To log in, run: gh auth login',
    command === 'secret' ? 4 : 1,
  )
if (command === 'auth') process.exit(0)
if (command === 'variable' && !state.hasVariableCommand) fail('unknown command "variable" for "gh"')
const path = args.find((arg) => arg.startsWith('repos/')) ?? ''
const repository = path ? path.split('/').slice(1, 3).join('/') : flag('--repo')
if (!state.repositories.includes(repository))
  fail(`Could not resolve to a Repository with the name '${repository}'.`)
if (command === 'api') {
  const { name: variable, value } = JSON.parse(input) as { name: string; value: string }
  const isThere = variable in state.variables
  if (flag('--method') === 'PATCH' && (!isThere || !path.endsWith(`/${variable}`)))
    fail('gh: Not Found (HTTP 404)')
  if (flag('--method') === 'POST' && isThere) fail('gh: Already exists (HTTP 409)')
  state.variables[variable] = value
} else if (action === 'set')
  (command === 'secret' ? state.secrets : state.variables)[name] = input.replace(/\n+$/, '')
writeState('gh', state)
