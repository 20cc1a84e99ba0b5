// Dependabot's pull requests get their bundle: which ones, and what is committed.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { commitDist, findUpdates } from '../../scripts/dependabot/dist.ts'
import { GitHub } from '../../scripts/github.ts'

const UPDATE = { number: 7, branch: 'dependabot/npm_and_yarn/bundled-1a2b', sha: 'a'.repeat(40) }
const PULL = {
  number: 7,
  user: { login: 'dependabot[bot]', type: 'Bot' },
  head: { ref: UPDATE.branch, sha: UPDATE.sha, repo: { full_name: 'someone/an-action' } },
}
/** What git says: `printf hello | git hash-object --stdin` */
const HELLO = 'b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0'

let server: Server
let github: GitHub
let url: string
/** `METHOD path` → what is answered. */
let answers: Record<string, unknown>
let calls: [call: string, body: unknown][]

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = `${request.method ?? ''} ${request.url ?? ''}`.replace('/repos/someone/an-action/', '')
      const answer = answers[call.replace(/\?.*/, '')]
      if (request.method !== 'GET') calls.push([call, JSON.parse(body)])
      response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  github = new GitHub({ apiUrl: url, repository: 'someone/an-action', token: 'the-token' })
})
afterAll(() => {
  server.close()
})
beforeEach(() => {
  calls = []
  answers = {
    'GET pulls': [PULL],
    'GET pulls/7/files': ['package.json', 'package-lock.json', 'dist/index.js'].map((filename) => ({
      filename,
    })),
    [`GET git/trees/${UPDATE.sha}:dist`]: {
      tree: [
        { path: 'index.js', sha: HELLO },
        { path: 'old.js', sha: HELLO },
      ],
    },
    'POST /graphql': { data: { createCommitOnBranch: { commit: { oid: 'b'.repeat(40) } } } },
    'POST actions/workflows/test.yml/dispatches': {},
    'POST actions/workflows/self-test.yml/dispatches': {},
  }
})

describe('a pull request', () => {
  test('of Dependabot is found', async () => {
    expect(await findUpdates(github)).toEqual([UPDATE])
  })

  const files = (...names: string[]) => ({ 'GET pulls/7/files': names.map((filename) => ({ filename })) })
  test.each<[string, Record<string, unknown>]>([
    ['of a person', { 'GET pulls': [{ ...PULL, user: { login: 'someone', type: 'User' } }] }],
    [
      'of a person of that name',
      { 'GET pulls': [{ ...PULL, user: { login: 'dependabot[bot]', type: 'User' } }] },
    ],
    ['of nobody', { 'GET pulls': [{ ...PULL, user: null }] }],
    [
      'of a fork',
      { 'GET pulls': [{ ...PULL, head: { ...PULL.head, repo: { full_name: 'other/an-action' } } }] },
    ],
    ['of a fork that is gone', { 'GET pulls': [{ ...PULL, head: { ...PULL.head, repo: null } }] }],
    [
      'of actions',
      { 'GET pulls': [{ ...PULL, head: { ...PULL.head, ref: 'dependabot/github_actions/a' } }] },
    ],
    [
      'with a strange branch',
      { 'GET pulls': [{ ...PULL, head: { ...PULL.head, ref: `${UPDATE.branch}$(id)` } }] },
    ],
    ['that updates no bundled package', files('bench/package-lock.json')],
    ['that changes code', files('package-lock.json', 'src/main.ts')],
    ['that changes workflows', files('package-lock.json', '.github/workflows/test.yml')],
    ['that changes another package.json', files('package-lock.json', 'a/package.json')],
  ])('%s is left alone', async (_, changes) => {
    Object.assign(answers, changes)
    expect(await findUpdates(github)).toEqual([])
  })
})

describe('a rebuilt bundle', () => {
  const commit = (files: Record<string, string>) =>
    commitDist(github, {
      update: UPDATE,
      files: new Map(Object.entries(files).map(([name, content]) => [name, Buffer.from(content)])),
      graphqlUrl: `${url}/graphql`,
    })

  test('is committed where it differs, on top of the commit that was built, and tested', async () => {
    expect(await commit({ 'index.js': 'hello', '1.index.js': 'new' })).toBe('b'.repeat(40))
    expect(calls.map(([call]) => call)).toEqual([
      'POST /graphql',
      'POST actions/workflows/test.yml/dispatches',
      'POST actions/workflows/self-test.yml/dispatches',
    ])
    expect(calls[0]?.[1]).toMatchObject({
      variables: {
        input: {
          branch: { repositoryNameWithOwner: 'someone/an-action', branchName: UPDATE.branch },
          expectedHeadOid: UPDATE.sha,
          message: { body: '[dependabot skip]' },
          fileChanges: {
            additions: [{ path: 'dist/1.index.js', contents: Buffer.from('new').toString('base64') }],
            deletions: [{ path: 'dist/old.js' }],
          },
        },
      },
    })
    expect(calls[1]?.[1]).toEqual({ ref: UPDATE.branch })
  })

  test('is not committed if nothing differs', async () => {
    expect(await commit({ 'index.js': 'hello', 'old.js': 'hello' })).toBeUndefined()
    expect(calls).toEqual([])
  })

  test.each([['../.github/workflows/a.yml'], ['a/b.js'], ['.gitattributes'], ['a\nb'], ['']])(
    'never leaves dist/: %j',
    async (name) => {
      await expect(commit({ 'index.js': 'new', [name]: 'new' })).rejects.toThrow('no bundle')
      expect(calls).toEqual([])
    },
  )

  test('is never empty', async () => {
    await expect(commit({})).rejects.toThrow('no bundle')
  })

  test('is refused if the branch has moved', async () => {
    answers['POST /graphql'] = { data: null, errors: [{ message: 'Expected branch to point to "a"' }] }
    await expect(commit({ 'index.js': 'new' })).rejects.toThrow('Expected branch')
    expect(calls).toHaveLength(1)
  })
})
