// The inputs of a message: buttons, mentions, and several webhooks.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { InputError, type Problem } from '../../src/errors.ts'
import { readInputs, secretInputs, type InputName, type Inputs } from '../../src/inputs/inputs.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

type Given = Partial<Record<InputName, string>>

const WEBHOOK = 'https://oapi.dingtalk.com/robot/send?access_token='
const GIVEN: Given = {
  'app-key': 'dingkey',
  'app-secret': 'the-secret',
  'user-id': 'manager',
  'space-id': '1',
  path: 'app.apk',
  message: 'hello',
  'robot-webhook': `${WEBHOOK}a`,
}

const parse = (given: Given): Inputs => readInputs({ input: (name) => ({ ...GIVEN, ...given })[name] ?? '' })

function problemsOf(given: Given): readonly Problem[] {
  try {
    parse(given)
  } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

/** The only problem that there is: of this input, with these values in either language. */
function expectProblem(given: Given, input: InputName, ...named: string[]): void {
  const problems = problemsOf(given)
  expect(problems.map((problem) => problem.input)).toEqual([input])
  expectWhole(problems[0]!.text, ...named)
}

describe('buttons', () => {
  const LONG = '长'.repeat(32)
  test.each<[string, [title: string, url: string][]]>([
    ['[Install](https://example.com/a)', [['Install', 'https://example.com/a']]],
    [
      '\n [a](https://a.b) \r\n\r\n- [ b ]( http://b.c/ )\n',
      [
        ['a', 'https://a.b'],
        ['b', 'http://b.c/'],
      ],
    ],
    [
      '[Log]({run})\n[Diff]({commit}#diff)\n[装 {ref}]({files})',
      [
        ['Log', '{run}'],
        ['Diff', '{commit}#diff'],
        ['装 {ref}', '{files}'],
      ],
    ],
    [
      '[a [b] (c)](https://en.wikipedia.org/wiki/C_(language))',
      [['a [b] (c)', 'https://en.wikipedia.org/wiki/C_(language)']],
    ],
    [
      '[x](dingtalk://dingtalkclient/page/link?url=a&pc_slide=true)',
      [['x', 'dingtalk://dingtalkclient/page/link?url=a&pc_slide=true']],
    ],
    ['[x](https://a.b/?ref={ref}&by={actor})', [['x', 'https://a.b/?ref={ref}&by={actor}']]],
    ['[x](HTTPS://A.B/中文)', [['x', 'HTTPS://A.B/中文']]],
    ['[x](${{ vars.SITE }}/log)', [['x', '${{ vars.SITE }}/log']]],
    [`[${LONG}{workflow}](https://a.b)`, [[`${LONG}{workflow}`, 'https://a.b']]],
  ])('%j', (buttons, expected) => {
    expect(parse({ buttons }).buttons.map(({ title, url }) => [title, url])).toEqual(expected)
  })

  test.each([
    'Install',
    'https://a.b',
    '<https://a.b>',
    '(https://a.b)[x]',
    '[x] (https://a.b)',
    '[x](https://a.b',
    '[x(https://a.b)',
    '[x](https://a.b))',
    '[x](https://a.b/(c)',
    '[x]](https://a.b)',
    '[[x](https://a.b)',
    '![x](https://a.b)',
    '[x](https://a.b) [y](https://c.d)',
    '[x](https://a.b) now',
    '[x][1]',
    '[x]',
    // The title.
    '[](https://a.b)',
    '[ ](https://a.b)',
    `[${LONG}!](https://a.b)`,
    // The address.
    '[x]()',
    '[x](a.b)',
    '[x](//a.b)',
    '[x](/a)',
    '[x](https:a)',
    '[x](https://)',
    '[x](javascript:alert(1))',
    '[x](data:text/html,x)',
    '[x](ftp://a.b)',
    '[x](mailto:a@b.c)',
    '[x](file:///etc/passwd)',
    '[x]({ref})',
    '[x]({title}://a.b)',
    '[x](https://{repository}/x)',
    '[x](https://a{ref}.b/x)',
    '[x](https://a.b/c d)',
    '[x](https://a.b "title")',
    '[x](https://a.b:99999/)',
    // What leads elsewhere where the placeholder is empty.
    '[x]({run}javascript:alert(1))',
    '[x]({commit}//a.b {ref})',
    '[x]({files}.example.com)',
    '[x]({run}:8080/)',
    '[x]({run}{commit})',
    '[x]({run}//a.b)',
  ])('rejects %j by its line', (line) => {
    const good = '[Install](https://example.com)'
    expectProblem({ buttons: `${good}\n${line}\n${good}` }, 'buttons', '2')
  })

  test('reports each wrong line', () => {
    expect(
      problemsOf({ buttons: 'a\n[b](https://b.c)\nc' }).map(({ text }) => /\d/.exec(text.zh)?.[0]),
    ).toEqual(['1', '3'])
  })

  test('does not quote an address, which may contain a token', () => {
    const [problem] = problemsOf({ buttons: '[x](ftp://a.b/?token=hunter2)' })
    expect(problem!.text.en + problem!.text.zh).not.toContain('hunter2')
  })

  test('are limited to five', () => {
    const lines = (count: number) => '[x](https://a.b)\n'.repeat(count)
    expect(parse({ buttons: lines(5) }).buttons).toHaveLength(5)
    expectProblem({ buttons: lines(6) }, 'buttons', '6', '5')
  })

  test('require a message', () => {
    expectProblem({ message: '', buttons: '[x](https://a.b)' }, 'buttons', 'message')
  })

  test('must leave room for text', () => {
    const buttons = (length: number) => `[x](https://a.b/${'y'.repeat(length)})`
    expect(problemsOf({ message: 'x'.repeat(20_000), buttons: buttons(9000) })).toEqual([])
    expectProblem({ buttons: buttons(10_000) }, 'buttons', '10000')
  })
})

describe('mention', () => {
  const none = { userIds: [], mobiles: [], everyone: false, author: false }
  test.each<[string, object]>([
    ['manager01, 0012\nu_1.a@b-c', { userIds: ['manager01', '0012', 'u_1.a@b-c'] }],
    ['ALL', { everyone: true }],
    ['a\nAll\na', { userIds: ['a'], everyone: true }],
    ['- Author', { author: true }],
    ['13800138000，13900139000', { mobiles: ['13800138000', '13900139000'] }],
    // Mainland China, in each way in which a number is written.
    ['+86-13800138000\n+8613800138000\n13800138000', { mobiles: ['13800138000'] }],
    ['+852-12345678\n+6591234567', { mobiles: ['+852-12345678', '+6591234567'] }],
    // Whatever it looks like.
    ['user:13800138000\nUser: all\nuser:author', { userIds: ['13800138000', 'all', 'author'] }],
    ['138001380001\n23800138000', { userIds: ['138001380001', '23800138000'] }],
  ])('%j', (mention, expected) => {
    expect(parse({ mention, members: 'a = b' }).mention).toEqual({ ...none, ...expected })
  })

  test.each([
    '@manager01',
    '张三',
    'a/b',
    `a${'b'.repeat(64)}`,
    '138-0013-8000',
    '138 0013 8000',
    '8613800138000',
    '86-13800138000',
    '008613800138000',
    '@13800138000',
    '++86138',
    '+86',
    'user:',
    'user:@x',
    'manager01 manager02',
  ])('rejects %j without quoting it', (item) => {
    const given = { mention: `13800138000\n${item}\nall` }
    expectProblem(given, 'mention', '2', '3', 'all')
    const [problem] = problemsOf(given)
    const said = problem!.text.en + problem!.text.zh
    for (const value of ['13800138000', item]) expect(said).not.toContain(`${value} `)
    expect(said).not.toMatch(/138.?0013.?8000/)
  })

  test('are limited to 50, without everyone', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, n) => `user${n}`).join('\n')
    const mobiles = (count: number) => Array.from({ length: count }, (_, n) => 13_800_138_000 + n).join('\n')
    expect(parse({ mention: `${ids(50)}\nall\n${mobiles(50)}` }).mention?.userIds).toHaveLength(50)
    expectProblem({ mention: ids(51) }, 'mention', '51', '50', 'all')
    expectProblem({ mention: `${ids(50)}\nauthor`, members: 'a = b' }, 'mention', '51', '50', 'all')
    expectProblem({ mention: mobiles(51) }, 'mention', '51', '50', 'all')
  })

  test('requires a custom robot and a message', () => {
    const robot = { 'robot-webhook': '', 'robot-code': 'dingabc', 'chat-id': 'chat0' }
    expectProblem({ mention: 'all', ...robot }, 'mention', 'robot-code', 'robot-webhook')
    expectProblem({ mention: 'all', message: '', 'robot-webhook': '' }, 'mention', 'robot-webhook')
    expectProblem({ mention: 'all', message: '' }, 'mention', 'message')
  })

  test('requires members for author', () => {
    expectProblem({ mention: 'author' }, 'members', 'author', 'octocat = manager01')
  })

  test('works with buttons', () => {
    const { buttons, mention } = parse({ buttons: '[x](https://a.b)', mention: 'all' })
    expect([buttons.length, mention?.everyone]).toEqual([1, true])
  })
})

describe('members', () => {
  test.each<[string, [string, string][]]>([
    ['', []],
    ['Octocat=manager01', [['octocat', 'manager01']]],
    [
      '# team\r\n\n- octocat = manager01\n  Mona@Example.com = user:13800138000  ',
      [
        ['octocat', 'manager01'],
        ['mona@example.com', '13800138000'],
      ],
    ],
    ['1+Octocat@users.noreply.github.com = a\noctocat = a', [['octocat', 'a']]],
    ['octocat@users.noreply.github.com = a', [['octocat', 'a']]],
    ['dependabot[bot] = a', [['dependabot[bot]', 'a']]],
  ])('%j', (members, expected) => {
    expect([...parse({ members }).members]).toEqual(expected)
  })

  test.each([
    'x = all',
    'x = ALL',
    'x = user:All',
    'x = author',
    'x =',
    '= a',
    'x = a b',
    'x = a, b',
    'x y = a',
    'x = @a',
    'x',
    'x = 13800138000',
    'x = 138-0013-8000',
    'x = a = b',
    '@x = a',
  ])('names a wrong line by its number: %s', (line) => {
    const given = { members: `# team\noctocat = manager01\n${line}` }
    expectProblem(given, 'members', '3')
    expect(JSON.stringify(problemsOf(given))).not.toMatch(/138.?0013.?8000/)
  })

  test('reports two user IDs of a person, or many wrong lines, as one problem', () => {
    const twice = 'octocat = a\n123+Octocat@users.noreply.github.com = b'
    expectProblem({ members: twice }, 'members', '2')
    expectProblem({ members: 'x\n'.repeat(10_000) }, 'members', '10, …')
  })

  test.each(['no/such/file.txt', '.', '/dev/zero', 'octocat'])('rejects %s as a file of members', (path) => {
    expectProblem({ members: path }, 'members', path, 'octocat = manager01', 'UTF-8')
  })

  test('rejects a file in UTF-16', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'members-')), 'members.txt')
    writeFileSync(path, Buffer.from('\ufeffoctocat = manager01\r\n', 'utf16le'))
    expectProblem({ members: path }, 'members', 'UTF-8')
    rmSync(dirname(path), { recursive: true })
  })

  test.each(['mona@example.com manager01', 'octocat 138 0013 8000', 'octocat:13800138000'])(
    'does not quote a line without =: %s',
    (line) => {
      expectProblem({ members: line }, 'members', 'octocat = manager01')
      expect(JSON.stringify(problemsOf({ members: line }))).not.toMatch(/mona|8000/)
    },
  )
})

describe('several webhooks', () => {
  const webhooks = (...tokens: string[]) => tokens.map((token) => WEBHOOK + token).join('\n')

  test('one per line, each with the secret of its line', () => {
    const given = {
      'robot-webhook': `\n${webhooks('a', 'b')}\r\n\n- ${WEBHOOK}c`,
      'robot-secret': 'SEC11234\n\nNone\nSEC31234',
    }
    expect(parse(given).robot).toEqual({
      kind: 'webhooks',
      webhooks: [
        { webhook: `${WEBHOOK}a`, secret: 'SEC11234', position: 1 },
        { webhook: `${WEBHOOK}b`, position: 2 },
        { webhook: `${WEBHOOK}c`, secret: 'SEC31234', position: 3 },
      ],
    })
  })

  test('can be without signatures', () => {
    expect(parse({ 'robot-webhook': webhooks('a', 'b') }).robot).toEqual({
      kind: 'webhooks',
      webhooks: [
        { webhook: `${WEBHOOK}a`, position: 1 },
        { webhook: `${WEBHOOK}b`, position: 2 },
      ],
    })
  })

  test('are posted to once if repeated, and keep their line', () => {
    const given = { 'robot-webhook': webhooks('a', 'a', 'b'), 'robot-secret': 'SEC11234\nSEC21234\nSEC31234' }
    expect(parse(given).robot).toEqual({
      kind: 'webhooks',
      webhooks: [
        { webhook: `${WEBHOOK}a`, secret: 'SEC11234', position: 1 },
        { webhook: `${WEBHOOK}b`, secret: 'SEC31234', position: 3 },
      ],
    })
  })

  test.each([
    [webhooks('a', 'b'), 'SEC11234', '2', '1'],
    [webhooks('a'), 'SEC11234\nSEC21234', '1', '2'],
    [webhooks('a', 'b', 'c'), 'SEC11234\nSEC21234\n\n', '3', '2'],
  ])('require one secret per line: %j, %j', (webhook, secret, ...counts) => {
    const given = { 'robot-webhook': webhook, 'robot-secret': secret }
    expectProblem(given, 'robot-secret', ...counts, 'none')
    expect(JSON.stringify(problemsOf(given))).not.toMatch(/SEC\d/)
  })

  test('reject a secret that is too short, without quoting it', () => {
    const given = { 'robot-webhook': webhooks('a', 'b'), 'robot-secret': 'none\nSEC0' }
    expectProblem(given, 'robot-secret', '2')
    expect(JSON.stringify(problemsOf(given))).not.toContain('SEC0')
  })

  test.each([
    'hunter2',
    'https://x.com/?access_token=hunter2',
    'http://x.com/robot/send?access_token=hunter2',
    'https://x.com/robot/send?token=hunter2',
    `${WEBHOOK}hunter2,${WEBHOOK}hunter3`,
    `${WEBHOOK}hunter2 ${WEBHOOK}hunter3`,
  ])('names a wrong line by its number: %s', (line) => {
    const given = { 'robot-webhook': `${WEBHOOK}a\n${line}` }
    expectProblem(given, 'robot-webhook', '2')
    expect(JSON.stringify(problemsOf(given))).not.toContain('hunter')
  })

  test('masks the secret of each line, access tokens, and mobile numbers', () => {
    const given: Record<string, string> = {
      'app-secret': ' app ',
      'github-token': '',
      'robot-webhook': `${WEBHOOK}a\r\n\n- ${WEBHOOK}b&x=1\nhunter2`,
      'robot-secret': ' SEC1 \nnone\nSEC3',
      mention: '13800138000, all\n+852-12345678\n+86-13900139000\nnobody',
      members: 'octocat = 13700137000',
    }
    expect(secretInputs((name) => given[name] ?? '').sort()).toEqual(
      [
        ...['app', `${WEBHOOK}a`, `${WEBHOOK}b&x=1`, 'hunter2', 'a', 'b', 'SEC1', 'SEC3'],
        // One of mainland China is sent without its code. A response may quote any without its punctuation.
        ...['13800138000', '+852-12345678', '85212345678', '12345678'],
        ...['+86-13900139000', '8613900139000', '13900139000', '13700137000'],
      ].sort(),
    )
  })
})
