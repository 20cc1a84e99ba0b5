// A stand-in for glab, as far as the setup uses it.
import { text } from 'node:stream/consumers'
import { GLAB_STATE, readState, recordCall, writeState } from './state.ts'

const args = process.argv.slice(2)
const input = await text(process.stdin)
recordCall('glab', args, input)
const state = readState('glab', GLAB_STATE)
const [command, action, name = ''] = args

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

if (!state.loggedIn) fail('You are not logged in. Run glab auth login.')
if (command === 'variable') {
  if (!args.includes('--repo')) fail('not a git repository')
  if (action === 'set' && name in state.variables) fail(`${name} has already been taken`)
  if (action === 'update' && !(name in state.variables)) fail('404 Variable Not Found')
  state.variables[name] = { value: input, masked: args.includes('--masked') }
}
writeState('glab', state)
