// What posts a message: buttons, mentions, and several webhooks.
import { describe, expect, test } from '@jest/globals'
import { InputError, type Problem } from '../../src/errors.ts'
import { readInputs, secretInputs, type InputName, type Inputs } from '../../src/inputs/inputs.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

type Given = Partial<Record<InputName, string>>

const WEBHOOK = 'https://oapi.dingtalk.com/robot/send?access_token='
const GIVEN: Given = {
  'app-key': 'dingkey',
  'app-secret': 'secret',
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
  ])('%j is refused by its line', (line) => {
    const good = '[Install](https://example.com)'
    expectProblem({ buttons: `${good}\n${line}\n${good}` }, 'buttons', '2')
  })

  test('each wrong line is a problem', () => {
    expect(
      problemsOf({ buttons: 'a\n[b](https://b.c)\nc' }).map(({ text }) => /\d/.exec(text.zh)?.[0]),
    ).toEqual(['1', '3'])
  })

  test('an address is not repeated: it may have a token', () => {
    const [problem] = problemsOf({ buttons: '[x](ftp://a.b/?token=hunter2)' })
    expect(problem!.text.en + problem!.text.zh).not.toContain('hunter2')
  })

  test('five, and no more', () => {
    const lines = (count: number) => '[x](https://a.b)\n'.repeat(count)
    expect(parse({ buttons: lines(5) }).buttons).toHaveLength(5)
    expectProblem({ buttons: lines(6) }, 'buttons', '6', '5')
  })

  test('belong to a message', () => {
    expectProblem({ message: '', buttons: '[x](https://a.b)' }, 'buttons', 'message')
  })

  test('must leave room for a text', () => {
    const buttons = (length: number) => `[x](https://a.b/${'y'.repeat(length)})`
    expect(problemsOf({ message: 'x'.repeat(20_000), buttons: buttons(9000) })).toEqual([])
    expectProblem({ buttons: buttons(10_000) }, 'buttons', '10000')
  })
})

describe('mentions', () => {
  const none = { userIds: [], mobiles: [], everyone: false }
  test.each<[Given, object]>([
    [{ 'at-user-ids': 'manager01, 0012\nu_1.a@b-c' }, { userIds: ['manager01', '0012', 'u_1.a@b-c'] }],
    [{ 'at-user-ids': 'all' }, { everyone: true }],
    [{ 'at-mobiles': 'ALL' }, { everyone: true }],
    [{ 'at-user-ids': 'a\nAll\na' }, { userIds: ['a'], everyone: true }],
    [{ 'at-mobiles': '13800138000，13900139000' }, { mobiles: ['13800138000', '13900139000'] }],
    // Mainland China, in each way in which a number is written.
    [{ 'at-mobiles': '+86-13800138000\n+8613800138000\n13800138000' }, { mobiles: ['13800138000'] }],
    [{ 'at-mobiles': '+852-12345678\n+6591234567' }, { mobiles: ['+852-12345678', '+6591234567'] }],
  ])('%j', (given, expected) => {
    expect(parse(given).mentions).toEqual({ ...none, ...expected })
  })

  test.each(['@manager01', '张三', 'a/b', `a${'b'.repeat(64)}`])('%j is no user ID', (id) => {
    expectProblem({ 'at-user-ids': `manager\n${id}` }, 'at-user-ids', id)
  })

  test.each([
    '1380013800',
    '138001380000',
    '138-0013-8000',
    '@13800138000',
    '++86138',
    'hunter2',
    '+86',
    '张三',
  ])('%j is no mobile number, and not repeated', (mobile) => {
    expectProblem({ 'at-mobiles': `13800138000\n${mobile}\nall` }, 'at-mobiles', '2', '3', 'all')
    const [problem] = problemsOf({ 'at-mobiles': `13800138000\n${mobile}\nall` })
    const said = problem!.text.en + problem!.text.zh
    for (const number of ['13800138000', mobile]) expect(said).not.toContain(number)
  })

  test('a number with blanks in it is one problem', () => {
    expectProblem({ 'at-mobiles': '138 0013 8000' }, 'at-mobiles', '3')
  })

  test('50, and no more; everyone is not counted', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, n) => `user${n}`).join('\n')
    const mobiles = (count: number) => Array.from({ length: count }, (_, n) => 13_800_138_000 + n).join('\n')
    expect(
      parse({ 'at-user-ids': `${ids(50)}\nall`, 'at-mobiles': mobiles(50) }).mentions?.userIds,
    ).toHaveLength(50)
    expectProblem({ 'at-user-ids': ids(51) }, 'at-user-ids', '51', '50', 'all')
    expectProblem({ 'at-mobiles': mobiles(51) }, 'at-mobiles', '51', '50', 'all')
  })

  test.each<InputName>(['at-user-ids', 'at-mobiles'])('%s needs a custom robot, and a message', (name) => {
    const robot = { 'robot-webhook': '', 'robot-code': 'dingabc', 'chat-id': 'chat0' }
    expectProblem({ [name]: 'all', ...robot }, name, 'robot-code', 'robot-webhook')
    expectProblem({ [name]: 'all', message: '', 'robot-webhook': '' }, name, 'robot-webhook')
    expectProblem({ [name]: 'all', message: '' }, name, 'message')
  })

  test('go with buttons', () => {
    const { buttons, mentions } = parse({ buttons: '[x](https://a.b)', 'at-user-ids': 'all' })
    expect([buttons.length, mentions?.everyone]).toEqual([1, true])
  })
})

describe('several webhooks', () => {
  const webhooks = (...tokens: string[]) => tokens.map((token) => WEBHOOK + token).join('\n')

  test('one per line, each with the secret of its line', () => {
    const given = {
      'robot-webhook': `\n${webhooks('a', 'b')}\r\n\n- ${WEBHOOK}c`,
      'robot-secret': 'SEC1\n\nNone\nSEC3',
    }
    expect(parse(given).robot).toEqual({
      kind: 'webhooks',
      webhooks: [
        { webhook: `${WEBHOOK}a`, secret: 'SEC1', position: 1 },
        { webhook: `${WEBHOOK}b`, position: 2 },
        { webhook: `${WEBHOOK}c`, secret: 'SEC3', position: 3 },
      ],
    })
  })

  test('none of them signed', () => {
    expect(parse({ 'robot-webhook': webhooks('a', 'b') }).robot).toEqual({
      kind: 'webhooks',
      webhooks: [
        { webhook: `${WEBHOOK}a`, position: 1 },
        { webhook: `${WEBHOOK}b`, position: 2 },
      ],
    })
  })

  test('the same twice is one, and keeps its line', () => {
    const given = { 'robot-webhook': webhooks('a', 'a', 'b'), 'robot-secret': 'SEC1\nSEC2\nSEC3' }
    expect(parse(given).robot).toEqual({
      kind: 'webhooks',
      webhooks: [
        { webhook: `${WEBHOOK}a`, secret: 'SEC1', position: 1 },
        { webhook: `${WEBHOOK}b`, secret: 'SEC3', position: 3 },
      ],
    })
  })

  test.each([
    [webhooks('a', 'b'), 'SEC1', '2', '1'],
    [webhooks('a'), 'SEC1\nSEC2', '1', '2'],
    [webhooks('a', 'b', 'c'), 'SEC1\nSEC2\n\n', '3', '2'],
  ])('a secret is missing or too many: %j, %j', (webhook, secret, ...counts) => {
    const given = { 'robot-webhook': webhook, 'robot-secret': secret }
    expectProblem(given, 'robot-secret', ...counts, 'none')
    expect(JSON.stringify(problemsOf(given))).not.toMatch(/SEC\d/)
  })

  test.each([
    'hunter2',
    'https://x.com/?access_token=hunter2',
    'http://x.com/robot/send?access_token=hunter2',
    'https://x.com/robot/send?token=hunter2',
    `${WEBHOOK}hunter2,${WEBHOOK}hunter3`,
    `${WEBHOOK}hunter2 ${WEBHOOK}hunter3`,
  ])('a line that is wrong is named by its number: %s', (line) => {
    const given = { 'robot-webhook': `${WEBHOOK}a\n${line}` }
    expectProblem(given, 'robot-webhook', '2')
    expect(JSON.stringify(problemsOf(given))).not.toContain('hunter')
  })

  test('each secret is one, line by line, with the access tokens and the mobile numbers', () => {
    const given: Record<string, string> = {
      'app-secret': ' app ',
      'github-token': '',
      'robot-webhook': `${WEBHOOK}a\r\n\n- ${WEBHOOK}b&x=1\nhunter2`,
      'robot-secret': ' SEC1 \nnone\nSEC3',
      'at-mobiles': '13800138000, all\n+852-12345678\n+86-13900139000\nnobody',
    }
    expect(secretInputs((name) => given[name] ?? '').sort()).toEqual(
      [
        ...['app', `${WEBHOOK}a`, `${WEBHOOK}b&x=1`, 'hunter2', 'a', 'b', 'SEC1', 'SEC3'],
        // One of mainland China is sent without its code. A response may quote any without its punctuation.
        ...['13800138000', '+852-12345678', '85212345678', '12345678'],
        ...['+86-13900139000', '8613900139000', '13900139000'],
      ].sort(),
    )
  })
})
