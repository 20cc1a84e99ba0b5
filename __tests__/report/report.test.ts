import { describe, expect, test } from '@jest/globals'
import { DingTalkError, type DingTalkErrorOptions } from '../../src/dingtalk/errors.ts'
import { InputError } from '../../src/errors.ts'
import { failureText, mergeFailures } from '../../src/report/failures.ts'
import { fileLine, foundLine, total } from '../../src/report/log-lines.ts'
import { outputs } from '../../src/report/outputs.ts'
import { summary } from '../../src/report/summary.ts'
import type { FileResult } from '../../src/result.ts'

const MD5 = '0cc175b9c0f1b6a831c399e269772661'

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
    sentTo: [{ kind: 'chat', id: 'cidA==' }],
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

describe('the line of a file', () => {
  test.each<[FileResult, string]>([
    [fileReport(), '✓ out/app.apk (3.0 MiB): uploaded, sent to 1 chat, 1.5 s, dentry 11'],
    [fileReport({ sentTo: [] }), '✓ out/app.apk (3.0 MiB): uploaded, 1.5 s, dentry 11'],
    [
      fileReport({
        sentTo: [
          { kind: 'chat', id: 'cidA==' },
          { kind: 'user', id: 'cidney' },
          { kind: 'user', id: 'u2' },
        ],
      }),
      '✓ out/app.apk (3.0 MiB): uploaded, sent to 1 chat and 2 users, 1.5 s, dentry 11',
    ],
    [lost('app.apk'), '✗ out/app.apk: failed'],
  ])('%#', (report, line) => {
    expect(fileLine(report)).toBe(line)
  })

  test('tells another name, an entry that was there, and a message that failed', () => {
    const { uploaded } = fileReport()
    const dentry = { ...uploaded!.dentry, name: 'app(1).apk' }
    expect(fileLine(fileReport({ uploaded: { ...uploaded!, dentry } }))).toContain('uploaded as app(1).apk')
    expect(fileLine(fileReport({ uploaded: { ...uploaded!, existing: true } }))).toContain(
      'was there already',
    )
    expect(fileLine(fileReport({ failures: [{ what: 'w', error: refusal() }] }))).toMatch(/^! /)
  })
})

test.each([
  [2048, '(2.0 KiB)'],
  [undefined, undefined],
])('of a file that was there already, the size in DingTalk is shown: %s', (size, shown) => {
  const { uploaded } = fileReport()
  const dentry = { ...uploaded!.dentry, size }
  const line = fileLine(fileReport({ uploaded: { ...uploaded!, dentry, existing: true } }))
  expect(/\(.*?B\)/.exec(line)?.[0]).toBe(shown)
})

test.each([
  ['out/app.apk', 'app.apk', false],
  ['app.apk', 'app.apk', false],
  ['out/myapp.apk', 'app.apk', true],
])('%s that is to be %s: renamed is %s', (path, name, renamed) => {
  expect(foundLine({ path, name, size: 1, modified: 0 }).endsWith(` as ${name}`)).toBe(renamed)
})

test('what was there already does not count as uploaded', () => {
  const { uploaded } = fileReport()
  const there = fileReport({ uploaded: { ...uploaded!, existing: true } })
  expect(total([there], 1500)).toMatch(/^0 of 1 file uploaded, 1 /)
  expect(total([there, fileReport(), lost('x')], 1500)).toMatch(/^1 of 3 files uploaded, 1 .*, 3\.0 MiB in /)
})

describe('the outputs', () => {
  test('tell what got there, in order, and what did not', () => {
    const failed = lost('b.apk', [{ what: 'b.apk was not uploaded', error: refusal() }])
    const reports = [lost('a.apk'), failed, fileReport({}, 'c.apk'), fileReport({}, 'd.apk')]
    reports[3]!.uploaded!.dentry.id = '98765432109876543210'
    const { files, ...others } = outputs(reports)
    expect(others).toEqual({
      'dentry-id': '11',
      'dentry-ids': '11\n98765432109876543210',
      url: fileReport().uploaded!.url,
      'uploaded-count': '2',
      'existing-count': '0',
      'failed-count': '2',
    })
    expect(JSON.parse(files!)).toEqual([
      { path: 'out/a.apk', name: 'a.apk', size: 3145728, sentTo: [], status: 'failed', error: 'not tried' },
      {
        path: 'out/b.apk',
        name: 'b.apk',
        size: 3145728,
        sentTo: [],
        status: 'failed',
        error:
          'b.apk was not uploaded: could not commit the file: 没有权限 (permissionDenied, HTTP 403, request id R-1)',
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
        status: 'uploaded',
      },
    ])
  })

  test('are all there when nothing is', () => {
    expect(outputs([])).toEqual({
      'dentry-id': '',
      'dentry-ids': '',
      url: '',
      files: '[]',
      'uploaded-count': '0',
      'existing-count': '0',
      'failed-count': '0',
    })
  })
})

describe('a failure in full', () => {
  test('has the platform’s words, code and request id, and what to do in both languages', () => {
    const [said, en, zh] = failureText({ what: 'app.apk was not uploaded', error: refusal() }).split('\n')
    expect(said).toBe(
      'app.apk was not uploaded: could not commit the file: 没有权限 (permissionDenied, HTTP 403, request id R-1)',
    )
    expect(en).toMatch(/^→ [A-Z].*user-id/)
    expect(zh).toMatch(/^→ \p{Script=Han}.*user-id/u)
  })

  test('names the missing permission as the console does', () => {
    const code = 'Forbidden.AccessDenied.AccessTokenPermissionDenied'
    const named = failureText({ what: 'w', error: refusal({ code, requiredScopes: ['Storage.File.Write'] }) })
    expect(named).toContain('企业存储文件写权限 (Storage.File.Write)')
    // The platform did not say which: it can only be the one that the call needs.
    const unnamed = failureText({ what: 'w', error: refusal({ code: '60011', operation: 'unionId' }) })
    expect(unnamed).toContain('成员信息读权限 (qyapi_get_member)')
  })

  test('an unknown code is shown as it came, with where to ask about it', () => {
    const [said, ...advice] = failureText({ what: 'w', error: refusal({ code: 'brandNew' }) }).split('\n')
    expect(said).toBe('w: could not commit the file: 没有权限 (brandNew, HTTP 403, request id R-1)')
    expect(advice).toEqual([
      expect.stringMatching(/^→ .*request id: https/),
      expect.stringMatching(/^→ .*技术支持/),
    ])
  })

  test('lists several wrong inputs', () => {
    expect(failureText({ what: 'w', error: new InputError(['a: x', 'b: y']) })).toBe('w: \n- a: x\n- b: y')
  })
})

test('what many files have met is told once, what each has met by itself of each', () => {
  const [shared, other] = [refusal(), refusal()]
  const failures = ['a', 'b', 'c'].map((what) => ({ what, error: shared }))
  expect(mergeFailures([...failures, { what: 'd', error: other }])).toEqual([
    { what: 'a (and 2 more for the same reason / 另有 2 项原因相同)', error: shared },
    { what: 'd', error: other },
  ])
})

test('with the app key, the advice leads to the switch of the permission', () => {
  const failure = { what: 'w', error: refusal({ requiredScopes: ['Storage.File.Write'] }) }
  const link = 'https://open-dev.dingtalk.com/appscope/apply?content=ding1%23Storage.File.Write'
  expect(failureText(failure, 'ding1')).toContain(`应用版本：${link}`)
  expect(summary([], [failure], 0, undefined, 'ding1')).toContain(`<${link}>`)
})

describe('the summary', () => {
  const run = {
    workflow: 'Release',
    number: 7,
    url: 'https://github.com/o/r/actions/runs/1',
    commit: '0123456789',
    commitUrl: 'https://github.com/o/r/commit/0123456789',
    actor: 'octocat',
    ref: 'main',
  }

  test('has a row a file, totals and the run', () => {
    expect(summary([fileReport()], [], 2000, run)).toBe(
      [
        '## ✅ DingTalk: 1 of 1 file uploaded, 3.0 MiB in 2.0 s, 1 message sent',
        '',
        '| File | Size | Duration | Speed | Sent to | MD5 |',
        '| :-- | --: | --: | --: | :-- | :-- |',
        `| [app&#46;apk](${fileReport().uploaded!.url}) | 3.0&nbsp;MiB | 1.5&nbsp;s | 2.0&nbsp;MiB/s | cidA&#61;&#61; | <code>${MD5}</code> |`,
        '',
        '[Release run 7](https://github.com/o/r/actions/runs/1), commit 0123456',
        '',
      ].join('\n'),
    )
  })

  test('shows failures first, with what to do', () => {
    const failure = {
      what: 'b.apk was not uploaded',
      error: refusal({ operation: 'accessToken', code: 'invalidClientIdOrSecret' }),
    }
    const lines = summary([lost('b.apk', [failure])], [failure], 10, undefined).split('\n')
    expect(lines[0]).toBe('## ❌ DingTalk: 0 of 1 file uploaded')
    expect(lines[2]).toMatch(/^> \*\*b&#46;apk was not uploaded&#58; could not get an access token/)
    expect(lines[3]).toMatch(/^> → [A-Z].*app&#45;key.*app&#45;secret/)
    expect(lines.at(-2)).toBe('| ❌ b&#46;apk | 3.0&nbsp;MiB |  |  |  |  |')
  })

  test('a hostile name stays inside its cell', () => {
    const row = summary([fileReport({}, 'a|b](http://x)\n<img src=x>.apk')], [], 10, undefined)
      .split('\n')
      .find((line) => line.includes('img'))
    expect(row).toContain(
      '[a&#124;b&#93;&#40;http&#58;&#47;&#47;x&#41;&#92;n&#60;img src&#61;x&#62;&#46;apk](https://qr.',
    )
    expect(row?.match(/\|/g)).toHaveLength(7)
  })
})

test('the total counts files, bytes and messages', () => {
  expect(total([fileReport(), fileReport(), lost('x')], 1500)).toBe(
    '2 of 3 files uploaded, 6.0 MiB in 1.5 s, 2 messages sent',
  )
})

describe('a summary stays below what GitHub takes, and says how much is left out:', () => {
  const BYTES = 1024 ** 2
  const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))
  const failure = (n: number) => ({
    what: `文件 ${n} was not uploaded`,
    error: refusal({ message: '无'.repeat(300) + String(n) }),
  })

  test.each([
    ['files', many(5000, () => fileReport()), []],
    ['failures', [], many(2000, failure)],
    ['both', many(5000, (n) => fileReport({}, `${'字'.repeat(80)}${n}`)), many(2000, failure)],
    [
      'one failure that is too large',
      many(3, () => fileReport()),
      [{ what: '字'.repeat(BYTES), error: refusal() }],
    ],
    ['one row that is too large', [fileReport({ sentTo: [{ kind: 'user', id: 'u'.repeat(BYTES) }] })], []],
  ])('%s', (_, files, failures) => {
    const markdown = summary(files, failures, 10, undefined)
    expect(Buffer.byteLength(markdown)).toBeLessThan(BYTES)
    const lines = markdown.split('\n')
    const rows = lines.filter((line) => line.startsWith('| [')).length
    const quotes = lines.filter((line) => line.startsWith('> **')).length
    const left = (what: string) => Number(new RegExp(`and (\\d+) more ${what}`).exec(markdown)?.[1] ?? 0)
    expect(rows + left('file')).toBe(files.length)
    expect(quotes + left('failure')).toBe(failures.length)
  })

  test('a small one is whole', () => {
    expect(
      summary(
        many(50, () => fileReport()),
        many(50, failure),
        10,
        undefined,
      ),
    ).not.toContain('more')
  })
})
