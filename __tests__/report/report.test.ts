import { describe, expect, test } from '@jest/globals'
import { DingTalkError, type DingTalkErrorOptions } from '../../src/dingtalk/errors.ts'
import {
  type Failure,
  failuresOf,
  type FileResult,
  type PostedMessage,
  type Report,
  type SentTo,
  type Stage,
} from '../../src/domain.ts'
import { Cancelled, InputError } from '../../src/errors.ts'
import { failureDetails, failureMessage, diagnose } from '../../src/report/failures.ts'
import {
  deletedHeading,
  deletedLine,
  fileLine,
  foundLine,
  headline,
  totalLine,
} from '../../src/report/log.ts'
import { outputs } from '../../src/report/report.ts'
import { summary } from '../../src/report/summary.ts'
import type { Language } from '../../src/text/language.ts'

const MD5 = '0cc175b9c0f1b6a831c399e269772661'
const CHINESE = /\p{Script=Han}/u
const TEXT = { en: 'group', zh: '群' }
const CHAT = { kind: 'chat', id: 'cidA==', given: 'chat1' } as const
const OTHER = { kind: 'chat', id: 'cidB==', given: 'chat2' } as const
const USER = { kind: 'user', id: 'u1', given: 'u1' } as const

function fileReport(given: Partial<FileResult> = {}, name = 'app.apk'): FileResult {
  return {
    file: { path: `out/${name}`, name, size: 3 * 1024 * 1024, modified: 0 },
    uploaded: {
      dentry: { id: '11', spaceId: '22', parentId: '33', name, uuid: 'Uu' },
      existing: false,
      isNew: true,
      fromEarlierAttempt: false,
      md5: MD5,
      url: 'https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=22&fileId=11&type=file',
    },
    sentTo: [CHAT],
    failures: [],
    duration: 1500,
    ...given,
  }
}

/** A report of a file that did not get there. */
function lost(name: string, failures: FileResult['failures'] = []): FileResult {
  const { file } = fileReport({}, name)
  return { file, sentTo: [], failures, duration: 10 }
}

function existing(): FileResult {
  const { uploaded } = fileReport()
  return fileReport({ uploaded: { ...uploaded!, existing: true, isNew: false }, sentTo: [] })
}

const refusal = (given: Partial<DingTalkErrorOptions> = {}) =>
  new DingTalkError({
    operation: 'commit',
    code: 'permissionDenied',
    kind: 'refused',
    mayHaveHappened: false,
    message: '没有权限',
    status: 403,
    requestId: 'R-1',
    ...given,
  })
const inDoubt = () =>
  refusal({ operation: 'send', kind: 'unavailable', mayHaveHappened: true, code: 'HTTP502' })

const failed = (what: string, error: unknown = refusal(), about?: Failure['about']): Failure => ({
  stage: about ? 'send' : 'upload',
  consequence: { en: `${what} was lost.`, zh: `${what} 丢失。` },
  error,
  about,
})

/** A file that was not sent to a recipient. */
const unsent = (to: SentTo, error: unknown = refusal()): Failure => ({
  ...failed('x', error),
  stage: 'send',
  to: [to],
})
/** A message that was posted to some, and not to others. */
const posted = (
  to: readonly SentTo[],
  notTo: readonly SentTo[],
  pictures = 0,
  title = 'Hi',
): PostedMessage => ({
  title,
  pictures,
  to: to.map((one) => ({ ...one, name: TEXT })),
  failures: notTo.map((one) => ({ ...unsent(one), stage: 'message' })),
})

/** The same of another step. */
const failedTo = (stage: Stage, error: unknown = refusal()): Failure => ({ ...failed(stage, error), stage })

const job = (files: readonly FileResult[], failures: readonly Failure[] = []): Report => ({
  files,
  failures,
  warnings: [],
  deleted: [],
  elapsed: 2000,
})

/** The summary of a job, as the step writes it. */
function summaryOf(report: Report, language: Language = 'en', appKey?: string, run?: typeof RUN): string {
  return summary(report, diagnose(failuresOf(report), appKey), run, language)
}

const RUN = {
  workflow: 'Release',
  number: 7,
  url: 'https://github.com/o/r/actions/runs/1',
  commit: '0123456789',
  commitUrl: 'https://github.com/o/r/commit/0123456789',
  actor: 'octocat',
  ref: 'main',
  repository: 'o/r',
  title: '',
  changes: [],
}

describe('the line of a file', () => {
  test.each<[FileResult, readonly string[]]>([
    [fileReport(), ['✓ out/app.apk', '3.0 MiB', '1.5 s', 'file ID 11', '1 group']],
    [
      fileReport({
        sentTo: [
          CHAT,
          { kind: 'user', id: 'cidney', given: 'cidney' },
          { kind: 'user', id: 'u2', given: 'u2' },
        ],
      }),
      ['1 group and 2 users'],
    ],
    [lost('app.apk'), ['✗ out/app.apk', 'failed']],
    [lost('app.apk', [failed('x', refusal({ mayHaveHappened: true }))]), ['✗ out/app.apk', 'may or may not']],
  ])('%#', (report, parts) => {
    for (const part of parts) expect(fileLine(report).en).toContain(part)
    expect(fileLine(report).zh).toMatch(CHINESE)
  })

  test('shows another name, an existing entry, and a failed message', () => {
    const { uploaded } = fileReport()
    const dentry = { ...uploaded!.dentry, name: 'app(1).apk' }
    const renamed = fileLine(fileReport({ uploaded: { ...uploaded!, dentry } }))
    expect(renamed.en).toContain('app(1).apk')
    expect(renamed.zh).toContain('app(1).apk')
    expect(fileLine(existing())).not.toEqual(fileLine(fileReport({ sentTo: [] })))
    expect(fileLine(fileReport({ failures: [failedTo('send')] })).en).toMatch(/^! /)
  })
})

test.each([
  [2048, '(2.0 KiB)'],
  [undefined, undefined],
])('shows the size in DingTalk of an existing file: %s', (size, shown) => {
  const { uploaded } = fileReport()
  const dentry = { ...uploaded!.dentry, size }
  const line = fileLine(fileReport({ uploaded: { ...uploaded!, dentry, existing: true } }))
  expect(/\(.*?B\)/.exec(line.en)?.[0]).toBe(shown)
})

test.each([
  ['out/app.apk', 'app.apk', false],
  ['app.apk', 'app.apk', false],
  ['out/myapp.apk', 'app.apk', true],
])('%s with the name %s: renamed is %s', (path, name, renamed) => {
  const { en, zh } = foundLine({ path, name, size: 1, modified: 0 })
  expect(en.endsWith(` ${name}`)).toBe(renamed)
  expect(zh.endsWith(` ${name}`)).toBe(renamed)
})

const to = (sendTo: Report['sendTo'], report: Report): Report => ({ ...report, sendTo })

describe('the headline', () => {
  const unknown = failed('x', refusal({ operation: 'openConversationId' }), { input: 'chat-id', value: 'x' })
  const missing = { kind: 'chat', id: 'x', given: 'x' } as const
  const lookUp = { ...unknown, to: [missing] }
  test.each<[string, Report, readonly number[]]>([
    ['all is well', job([fileReport(), fileReport()]), [2, 1]],
    ['one was there', job([fileReport(), existing()]), [1, 1, 1]],
    ['all were there', job([existing()]), [1]],
    ['one is lost', job([fileReport(), lost('b', [failed('b')])]), [1, 2, 1]],
    ['one is in doubt', job([lost('b', [failed('b', refusal({ mayHaveHappened: true }))])]), [0, 1, 1]],
    [
      'one of two groups got nothing',
      to(
        [CHAT, OTHER],
        job([fileReport({ failures: [unsent(OTHER)] }), fileReport({ failures: [unsent(OTHER)] })]),
      ),
      [2, 1, 2],
    ],
    [
      'the only group got nothing',
      to([CHAT], job([fileReport({ sentTo: [], failures: [unsent(CHAT)] })])),
      [1, 1],
    ],
    [
      'a group and a user got nothing',
      to([CHAT, OTHER, USER], job([fileReport({ failures: [unsent(OTHER), unsent(USER)] })])),
      [1, 1, 2, 1],
    ],
    [
      'one group is in doubt, and the other got nothing',
      to(
        [CHAT, OTHER],
        job([fileReport({ sentTo: [], failures: [unsent(CHAT), unsent(OTHER, inDoubt())] })]),
      ),
      [1, 1, 2, 1, 2],
    ],
    [
      'a group that is in doubt and got something else for certain not',
      to(
        [CHAT],
        job([fileReport({ failures: [unsent(CHAT, inDoubt())] }), fileReport({ failures: [unsent(CHAT)] })]),
      ),
      [2, 1],
    ],
    ['sending ended with an error', job([fileReport()], [failedTo('send')]), [1]],
    [
      'a recipient was not found',
      to([CHAT, missing], job([fileReport(), fileReport()], [lookUp])),
      [2, 1, 2],
    ],
    [
      'a recipient was not found for a file that was there',
      job([fileReport(), existing()], [lookUp]),
      [1, 1, 1],
    ],
    ['a robot failed', { ...job([fileReport()]), message: posted([], [CHAT]) }, [1, 1]],
    [
      'a robot failed in one of two groups',
      { ...job([fileReport()]), message: posted([CHAT], [OTHER]) },
      [1, 1, 2],
    ],
    [
      'a robot failed for a person, twice, and in one of two groups',
      { ...job([fileReport()]), message: posted([CHAT], [OTHER, USER, USER], 1) },
      [1, 1, 2, 1],
    ],
    ['posting the message ended with an error', job([fileReport()], [failedTo('message')]), [1]],
    ['keep-last was canceled', job([fileReport()], [failedTo('retention')]), [1, 1]],
    [
      'a message alone failed in one of three groups',
      { ...job([]), message: posted([CHAT, OTHER], [missing]) },
      [1, 3],
    ],
    [
      'pictures alone, for a group and a person',
      { ...job([]), message: posted([CHAT, USER], [], 2, '') },
      [1, 1],
    ],
    ['a message alone ended with an error', job([], [failedTo('message')]), []],
    ['nothing was found', job([]), []],
    ['nothing was uploaded', job([lost('a')], [failed('all')]), []],
  ])('%s', (_, result, numbers) => {
    const { en, zh } = headline(result)
    expect(en.match(/\d+/g)?.map(Number) ?? []).toEqual(numbers)
    expect((zh.match(/\d+/g)?.map(Number) ?? []).toSorted()).toEqual(numbers.toSorted())
  })

  test('says first that the job was canceled', () => {
    const cancelled = [new Cancelled(), refusal({ code: 'Cancelled', kind: 'refused' })]
    for (const error of cancelled) {
      const report = to([CHAT], job([fileReport({ sentTo: [], failures: [unsent(CHAT, error)] })]))
      const same = to([CHAT], job([fileReport({ sentTo: [], failures: [unsent(CHAT)] })]))
      for (const half of ['en', 'zh'] as const) {
        const [first, ...rest] = headline(report)[half].split(/[:：]/)
        expect(first).not.toMatch(/\d/)
        expect(rest.join()).toContain(headline(same)[half])
      }
    }
  })

  test('distinguishes failure from success', () => {
    const cases = [
      job([fileReport()]),
      to([CHAT], job([fileReport({ sentTo: [], failures: [unsent(CHAT)] })])),
      // What arrived before another file was rejected.
      to([CHAT], job([fileReport({ failures: [unsent(CHAT)] })])),
      to([CHAT], job([fileReport({ failures: [unsent(CHAT, inDoubt())] })])),
      to([CHAT], job([fileReport()], [failedTo('send')])),
      job([fileReport()], [failedTo('retention')]),
      ...[posted([CHAT], [OTHER]), posted([CHAT], [OTHER], 1), posted([CHAT], [OTHER], 1, '')].flatMap(
        (message) => [
          { ...job([fileReport()]), message },
          { ...job([]), message },
        ],
      ),
      { ...job([]), message: posted([CHAT], [], 1) },
      job([], [failed('w', new InputError([]))]),
      job([], [failed('w')]),
      job([]),
    ].map(headline)
    expect(new Set(cases.map(({ en }) => en)).size).toBe(cases.length)
    expect(new Set(cases.map(({ zh }) => zh)).size).toBe(cases.length)
  })
})

test('does not call missing files an invalid input', () => {
  const failure = failed('w', new InputError([]))
  expect(headline(job([], [{ ...failure, stage: 'files' }]))).not.toEqual(headline(job([], [failure])))
})

describe('the last line', () => {
  const isUnsent = (report: Report) => {
    const { en, zh } = totalLine(report)
    expect(en.includes('chat-id')).toBe(zh.includes('chat-id'))
    return en.includes('chat-id')
  }
  const toNoOne = { ...job([fileReport({ sentTo: [] })]), sendTo: [] }

  test('names chat-id if the files had no recipient', () => {
    expect(isUnsent(toNoOne)).toBe(true)
  })

  test('has the size, of an empty file, too', () => {
    const empty = fileReport()
    const file = { ...empty.file, size: 0 }
    expect(totalLine(job([{ ...empty, file }])).en).toContain('(0 B, 2.0 s)')
    expect(isUnsent({ ...job([{ ...empty, file }]), sendTo: [] })).toBe(true)
    expect(totalLine(job([existing()])).en).not.toContain(' B,')
  })

  test.each<[string, Report]>([
    ['there was one', { ...job([fileReport()]), sendTo: [CHAT] }],
    ['nothing was new', { ...job([existing()]), sendTo: [] }],
    ['a message links to them', { ...toNoOne, message: posted([CHAT], []) }],
    ['the job ended before they were looked up', job([lost('a')], [failed('all')])],
  ])('does not name it if %s', (_, report) => {
    expect(isUnsent(report)).toBe(false)
  })
})

test('does not count files that may have been deleted', () => {
  const file = { id: '1', name: 'a', size: 1, run: '7' }
  const open = { ...file, inDoubt: true }
  const numbers = (files: Parameters<typeof deletedHeading>[0]) =>
    [deletedHeading(files).en, deletedHeading(files).zh].map((half) =>
      half.match(/\d+/g)!.map(Number).toSorted(),
    )
  expect(numbers([file, file])).toEqual([
    [1, 2],
    [1, 2],
  ])
  expect(numbers([open, open])).toEqual([[2], [2]])
  expect(numbers([file, open, open])).toEqual([
    [1, 1, 2],
    [1, 1, 2],
  ])
  expect(deletedLine(open)).not.toEqual(deletedLine(file))
})

describe('the outputs', () => {
  test('list uploaded and failed files in order', () => {
    const failedFile = lost('b.apk', [failed('b.apk')])
    const reports = [lost('a.apk'), failedFile, fileReport({}, 'c.apk'), fileReport({}, 'd.apk')]
    reports[3]!.uploaded!.dentry.id = '98765432109876543210'
    const { files, ...others } = outputs(reports, 'both')
    expect(others).toEqual({
      'dentry-id': '11',
      'dentry-ids': '11\n98765432109876543210',
      url: fileReport().uploaded!.url,
      'uploaded-count': 2,
      'existing-count': 0,
      'failed-count': 2,
      deleted: [],
    })
    const error = expect.stringMatching(
      /^b\.apk was lost\. .*\(permissionDenied, HTTP 403, request id R-1\)$/,
    )
    expect(files).toEqual([
      {
        path: 'out/a.apk',
        name: 'a.apk',
        size: 3145728,
        sentTo: [],
        sentToUsers: [],
        status: 'failed',
        error: expect.any(String),
      },
      {
        path: 'out/b.apk',
        name: 'b.apk',
        size: 3145728,
        sentTo: [],
        sentToUsers: [],
        status: 'failed',
        error,
      },
      expect.objectContaining({ name: 'c.apk', status: 'uploaded', dentryId: '11' }),
      {
        path: 'out/d.apk',
        name: 'd.apk',
        size: 3145728,
        md5: MD5,
        dentryId: '98765432109876543210',
        dentryUuid: 'Uu',
        spaceId: '22',
        parentId: '33',
        url: fileReport().uploaded!.url,
        sentTo: ['cidA=='],
        sentToUsers: [],
        status: 'uploaded',
      },
    ])
  })

  test('are all set if there is no file', () => {
    expect(outputs([], 'both')).toEqual({
      'dentry-id': '',
      'dentry-ids': '',
      url: '',
      files: [],
      'uploaded-count': 0,
      'existing-count': 0,
      'failed-count': 0,
      deleted: [],
    })
  })
})

describe('a failure', () => {
  const tellOne = (failure: Failure, appKey?: string) => diagnose([failure], appKey)[0]!

  test('shows its cause, consequence, and fix, and its codes and the platform’s text once', () => {
    const told = tellOne(failed('app.apk'))
    const { en, zh } = failureMessage(told)
    expect(en).toMatch(/^[A-Z].*user-id.* app\.apk was lost\.\n.*operator.*$/)
    expect(zh).toMatch(/^\p{Script=Han}.*user-id.*app\.apk 丢失。\n.*\p{Script=Han}.*$/u)
    expect(failureDetails(told.details, 'both')).toBe(
      'permissionDenied · HTTP 403 · request id R-1\nDingTalk: 没有权限',
    )
  })

  test('names the missing permission as the console does', () => {
    const code = 'Forbidden.AccessDenied.AccessTokenPermissionDenied'
    const named = tellOne(failed('w', refusal({ code, requiredScopes: ['Storage.File.Write'] })))
    expect(named.cause.en).toContain('企业存储文件写权限 (Storage.File.Write)')
    expect(named.cause.zh).toContain('企业存储文件写权限 (Storage.File.Write)')
    // The platform did not say which: it can only be the one that the call needs.
    const unnamed = tellOne(failed('w', refusal({ code: '60011', operation: 'unionId' })))
    expect(unnamed.cause.en).toContain('成员信息读权限 (qyapi_get_member)')
  })

  test('with the app key, leads to the switch of the permission, once', () => {
    const failure = failed('w', refusal({ requiredScopes: ['Storage.File.Write'] }))
    const link = 'https://open-dev.dingtalk.com/appscope/apply?content=ding1%23Storage.File.Write'
    const told = tellOne(failure, 'ding1')
    expect(failureDetails(told.details, 'both')).toMatch(
      /^企业存储文件写权限 \(Storage\.File\.Write\): https:\S+$/m,
    )
    expect(JSON.stringify(failureMessage(told))).not.toContain('https://')
    expect(summaryOf(job([], [failure]), 'both', 'ding1').split(`<${link}>`)).toHaveLength(2)
  })

  test('shows one wrong input as the headline, and lists several', () => {
    const a = { input: 'path', text: { en: 'No.', zh: '无。' } }
    const b = { input: 'name', text: { en: 'Bad.', zh: '错。' } }
    expect(failureMessage(tellOne(failed('w', new InputError([a]))))).toEqual({
      en: 'path: No. w was lost.',
      zh: 'path：无。w 丢失。',
    })
    const { en, zh } = failureMessage(tellOne(failed('w', new InputError([a, b]))))
    expect(en.split('\n').slice(1)).toEqual(['- path: No.', '- name: Bad.'])
    expect(zh.split('\n').slice(1)).toEqual(['- path：无。', '- name：错。'])
  })

  test('of one wrong input has only the first sentence in bold in the summary', () => {
    const problems = [{ input: 'path', text: { en: 'Not set. Set it.', zh: '未填写。请填写。' } }]
    const lines = summaryOf(job([], [failed('w', new InputError(problems))]), 'both').split('\n')
    expect(lines.filter((line) => line.startsWith('> ')).map((line) => line.trimEnd())).toEqual([
      '> **path&#58; Not set&#46;**',
      '> Set it&#46; w was lost&#46;',
      '> **path：未填写。**',
      '> 请填写。w 丢失。',
    ])
  })

  test('of several wrong inputs lists them in the summary, as Markdown does', () => {
    const inputs = ['path', 'name'].map((input) => ({ input, text: { en: 'No.', zh: '无。' } }))
    const lines = summaryOf(job([], [failed('w', new InputError(inputs))])).split('\n')
    expect(lines.filter((line) => line.startsWith('> - '))).toEqual([
      '> - path&#58; No&#46;',
      '> - name&#58; No&#46;',
    ])
  })

  test('starts no line at a line break in a name', () => {
    const { en } = failureMessage(tellOne(failed('a\n::error::b', new Error('x\ny'))))
    expect(en.split('\n')[0]).toMatch(/a.*::error::b was lost\.$/)
    expect(en.split('\n')).toHaveLength(2)
  })

  test('is reported once, for the first file, if several share a cause', () => {
    const failures = ['a', 'b', 'c', 'd', 'e'].map((what) => failed(what, refusal({ requestId: what })))
    const other = failed('f', refusal({ code: 'spaceNotExist' }))
    const told = diagnose([...failures, other])
    expect(told).toHaveLength(2)
    const { en, zh } = failureMessage(told[0]!)
    expect(en.split('\n')).toEqual([
      expect.stringContaining('user-id'),
      '- a was lost.',
      '- b was lost.',
      '- c was lost.',
      expect.stringMatching(/^- .*\b2\b/),
      expect.any(String),
    ])
    expect(zh).toMatch(/^- .*2 项/m)
    expect(failureDetails(told[0]!.details, 'both')).toContain('request id a\n')
  })

  test('shows text that two share once', () => {
    const error = refusal()
    const [told] = diagnose([failed('all', error), failed('all', error)])
    expect(told!.items).toEqual([])
    expect(told!.cause.en.match(/all was lost\./g)).toHaveLength(1)
  })

  test('lists each unknown ID', () => {
    const unknown = (value: string) =>
      failed('x', refusal({ operation: 'unionId', code: '60121' }), { input: 'to-user-ids', value })
    expect(diagnose([unknown('u1'), unknown('u2')])).toHaveLength(2)
  })
})

describe('the summary', () => {
  test('shows a title and a table of names and sizes, with the rest collapsed', () => {
    const lines = summaryOf(job([fileReport()]), 'en', undefined, RUN).split('\n')
    expect(lines[0]).toMatch(/^## ✅ .*1 file.* 1 group$/)
    expect(lines.slice(2, 5)).toEqual([
      '| File | Size |',
      '| :-- | --: |',
      `| [app&#46;apk](${fileReport().uploaded!.url}) | 3.0&nbsp;MiB |`,
    ])
    const folded = lines.slice(lines.indexOf('<details><summary>Details</summary>')).join('\n')
    for (const part of ['1.5 s', '2.0 MiB/s', `<code>${MD5}</code>`, 'chat1', `(${RUN.url})`, '0123456'])
      expect(folded).toContain(part)
    expect(lines.join()).not.toContain('cidA')
    expect(folded).toMatch(/<\/details>\n$/)
  })

  test.each([
    ['en', false],
    ['zh', true],
    ['both', true],
  ] as const)('in %s', (language, isChinese) => {
    const all = job([fileReport(), existing(), lost('c', [failed('c')])])
    const markdown = summaryOf(all, language, undefined, RUN)
    // The platform's own words stay as they are.
    expect(CHINESE.test(markdown.replaceAll('没有权限', '').replaceAll(/&#40;.*?&#41;/g, ''))).toBe(isChinese)
    expect(markdown.includes('| File')).toBe(language !== 'zh')
    expect(markdown.split('\n')[0]!.includes(' / ')).toBe(language === 'both')
  })

  test.each(['zh', 'both'] as const)('keeps the head of the narrow column on one line in %s', (language) => {
    const head = summaryOf(job([fileReport()]), language)
      .split('\n')[2]!
      .split('|')[2]!
      .trim()
    expect(head).not.toMatch(/\s|\p{Script=Han}{2}/u)
    expect(head.replaceAll('\u2060', '')).toMatch(/大小$/)
  })

  test('shows failures first, with their fixes', () => {
    const error = refusal({ operation: 'accessToken', code: 'invalidClientIdOrSecret' })
    const lines = summaryOf(job([lost('b.apk', [failed('b.apk', error)])])).split('\n')
    expect(lines[0]).toMatch(/^## ❌ /)
    expect(lines[2]).toMatch(/^> \*\*app&#45;key or app&#45;secret.*\*\* {2}$/)
    expect(lines[3]).toBe('> b&#46;apk was lost&#46;  ')
    expect(lines[4]).toMatch(/^> .*Client ID/)
    expect(lines.find((line) => line.startsWith('| ❌'))).toBe('| ❌ b&#46;apk | 3.0&nbsp;MiB |')
  })

  test('keeps a hostile name inside its cell', () => {
    const row = summaryOf(job([fileReport({}, 'a|b](http://x)\n<img src=x>.apk')]))
      .split('\n')
      .find((line) => line.startsWith('| ['))
    expect(row).toContain(
      '[a&#124;b&#93;&#40;http&#58;&#47;&#47;x&#41;&#92;n&#60;img src&#61;x&#62;&#46;apk](https://qr.',
    )
    expect(row?.match(/\|/g)).toHaveLength(3)
  })
})

describe("limits a summary to GitHub's maximum, and counts what it omits:", () => {
  const BYTES = 1024 ** 2
  const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))
  const failure = (n: number) =>
    failed(`文件 ${n}`, refusal({ code: `code${n}`, message: '无'.repeat(300) + String(n) }))

  const cases: [string, readonly FileResult[], readonly Failure[]][] = [
    ['files', many(5000, () => fileReport()), []],
    ['failures', [], many(2000, failure)],
    ['both', many(5000, (n) => fileReport({}, `${'字'.repeat(80)}${n}`)), many(2000, failure)],
    ['one failure that is too large', many(3, () => fileReport()), [failed('字'.repeat(BYTES))]],
    [
      'one item that is too large',
      [fileReport({ sentTo: [{ kind: 'user', id: 'u', given: 'u'.repeat(BYTES) }] })],
      [],
    ],
    ['one row that is too large', [fileReport({}, '字'.repeat(BYTES))], []],
  ]
  test.each(
    cases.flatMap((given) =>
      (['both', 'en', 'zh'] as const).map((language) => [...given, language] as const),
    ),
  )('%s', (_, files, failures, language) => {
    const markdown = summaryOf(job(files, failures), language)
    expect(Buffer.byteLength(markdown)).toBeLessThan(BYTES)
    const lines = markdown.split('\n')
    const rows = lines.filter((line) => line.startsWith('| [')).length
    // A failure's headline is in bold; in both languages there are two.
    const quotes = lines.filter((line) => line.startsWith('> **')).length / (language === 'both' ? 2 : 1)
    const left = lines.filter((line) => line.startsWith('…')).map((line) => Number(/\d+/.exec(line)![0]))
    expect(rows + quotes + left.reduce((sum, count) => sum + count, 0)).toBe(files.length + failures.length)
  })

  test('keeps a small one complete', () => {
    expect(
      summaryOf(
        job(
          many(50, () => fileReport()),
          many(50, failure),
        ),
      ),
    ).not.toContain('…')
  })
})
