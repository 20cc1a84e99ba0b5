// What keep-last deletes in any folder.
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { markProperties, newNonce } from '../../src/dingtalk/mark.ts'
import type { Dentry } from '../../src/dingtalk/schema.ts'
import { outdatedFiles } from '../../src/retention/outdated.ts'

/** More and others by hand: `RUNS=100000 SEED=$RANDOM`. */
const RUNS = Number(process.env['RUNS'] ?? 3000)
const SEED = Number(process.env['SEED'] ?? 7)

const WORKFLOW = '0123456789abcdef'
const OTHER = 'fedcba9876543210'
const THIS_RUN = '9007199254740993' // beyond a safe integer

const OPERATOR = 'a'

let ids = 0
const file = (more: Partial<Dentry> = {}): Dentry => ({
  id: String(++ids),
  spaceId: '1',
  parentId: '2',
  name: 'a.apk',
  uuid: 'u',
  size: 1,
  version: 1,
  createTime: '2026-08-01T10:00:00Z',
  modifiedTime: '2026-08-01T10:00:00Z',
  ...more,
})

const propertiesOf = (source: string) => markProperties({ nonce: newNonce(), source, md5: 'a'.repeat(32) })
const of = (run: string | number | bigint, more: Partial<Dentry> = {}, workflow = WORKFLOW): Dentry =>
  file({ appProperties: { 1: propertiesOf(`${workflow}.${run}`) }, ...more })

const goes = (listed: readonly Dentry[], keep: number, own: readonly Dentry[] = [], run = THIS_RUN) =>
  outdatedFiles(listed, { workflow: WORKFLOW, run }, keep, own, OPERATOR).map(({ dentry }) => dentry)

test('keeps the files of the newest runs, including this run', () => {
  const [a, b, c, d] = [of(3), of(5), of(5), of(9)]
  const own = of(10)
  const listed = [a, b, c, d, own]
  expect(goes(listed, 1, [own], '10')).toEqual([a, b, c, d])
  expect(goes(listed, 2, [own], '10')).toEqual([a, b, c])
  expect(goes(listed, 3, [own], '10')).toEqual([a])
  expect(goes(listed, 4, [own], '10')).toEqual([])
  expect(goes(listed, 1000, [own], '10')).toEqual([])
})

test('compares run IDs as numbers of any length', () => {
  const [short, long] = [of('9'), of('9007199254740992')]
  expect(goes([short, long], 2)).toEqual([short])
})

test("keeps a newer run's files without counting it, because it may fail", () => {
  const [newer, before, own] = [of('12'), of('10'), of('11')]
  expect(goes([newer, before, own], 2, [own], '11')).toEqual([])
  expect(goes([newer, before, own], 1, [own], '11')).toEqual([before])
})

test('keeps files that this run found instead of uploading them', () => {
  const old = of('3')
  expect(goes([old, of('10')], 1, [old], '10')).toEqual([])
})

test.each<[string, Dentry]>([
  ['without a mark', file()],
  ['of another workflow', of(1, {}, OTHER)],
  ['with a source that is none', file({ appProperties: { 1: propertiesOf('nothing') } })],
  ['with only a source', file({ appProperties: { 1: propertiesOf(`${WORKFLOW}.1`).slice(1, 2) } })],
  [
    'with the marks of two apps',
    file({ appProperties: { 1: propertiesOf(`${WORKFLOW}.1`), 2: propertiesOf(`${WORKFLOW}.1`) } }),
  ],
  [
    'whose mark says two things',
    file({ appProperties: [...propertiesOf(`${WORKFLOW}.1`), ...propertiesOf(`${OTHER}.1`)] }),
  ],
  ['that somebody else has changed', of(1, { creatorId: OPERATOR, modifierId: 'b' })],
  ['that another user has changed', of(1, { modifierId: 'b' })],
  ['that somebody else created', of(1, { creatorId: 'b', modifierId: 'b' })],
  ['that another user created', of(1, { creatorId: 'b' })],
  ['without a version', of(1, { version: undefined })],
  ['with null as its version', of(1, { version: null })],
])('keeps a file %s', (_, dentry) => {
  expect(goes([dentry, of(THIS_RUN)], 1)).toEqual([])
})

test('deletes a file that the operator created and changed', () => {
  const old = of(1, { creatorId: OPERATOR, modifierId: OPERATOR })
  expect(goes([old, of(THIS_RUN)], 1)).toEqual([old])
})

test('keeps both of two files with the same mark', () => {
  const old = of(1)
  const copy = { ...old, id: '777', name: 'copy.apk' }
  expect(goes([old, copy, of(THIS_RUN)], 1)).toEqual([])
  // The copy may be what this run found there.
  expect(goes([old, of(THIS_RUN)], 1, [copy])).toEqual([])
})

test('deletes a later version only if it has its own mark', () => {
  const at = (version: number, written: number) => {
    const mark = { nonce: newNonce(), source: `${WORKFLOW}.1`, md5: 'a'.repeat(32), version: written }
    const modifiedTime = '2026-08-09T10:00:00Z'
    return goes([of(1, { version, modifiedTime, appProperties: markProperties(mark) }), of(THIS_RUN)], 1)
      .length
  }
  expect([at(2, 2), at(3, 2), at(1, 2), at(2, 1)]).toEqual([1, 0, 0, 0])
})

test('accepts a mark in the form of a list', () => {
  const old = file({ appProperties: propertiesOf(`${WORKFLOW}.1`) })
  expect(goes([old, of(THIS_RUN)], 1)).toEqual([old])
})

test('deletes a new version with a possibly older mark only if it is older than everything that is kept', () => {
  const own = of('10', { createTime: '2026-08-05T10:00:00Z', modifiedTime: '2026-08-05T10:00:00Z' })
  const at = (modifiedTime: string | undefined, version: number | undefined = 2) =>
    goes([of('3', { version, modifiedTime }), own], 1, [own], '10').length
  expect(at('2026-08-05T09:59:59Z')).toBe(1)
  expect(at('2026-08-05T10:00:00Z')).toBe(0)
  expect(at('2026-08-05T10:00:01Z')).toBe(0)
  // To the minute: it may have been at the end of it.
  expect(at('2026-08-05T10:00Z')).toBe(0)
  expect(at('2026-08-05T09:59Z')).toBe(1)
  // Of an unknown form.
  expect(at('yesterday')).toBe(0)
  expect(at(undefined)).toBe(0)
  expect(at('yesterday', 1)).toBe(1)
})

const text = fc.oneof(
  fc.constantFrom('', 'utd-nonce', 'utd-source', 'utd-md5', `${WORKFLOW}.1`, `${OTHER}.3`, `${WORKFLOW}.-1`),
  fc.string(),
)
const property = fc.record({
  name: fc.oneof(fc.constantFrom('utd-nonce', 'utd-source', 'utd-md5', 'n'), text),
  value: fc.oneof(
    fc.constantFrom('a'.repeat(32), 'b'.repeat(32)),
    fc
      .tuple(fc.constantFrom(WORKFLOW, OTHER, 'x'), fc.bigInt({ min: 0n, max: 12n }))
      .map(([w, r]) => `${w}.${r}`),
    text,
  ),
  visibility: fc.constantFrom('PUBLIC', 'PRIVATE'),
})
/** As the platform gives a mark, in both forms; broken, of others, or doubled. */
const wholeMark = fc
  .tuple(fc.constantFrom(WORKFLOW, WORKFLOW, WORKFLOW, OTHER), fc.bigInt({ min: 0n, max: 12n }), fc.boolean())
  .map(([workflow, run, isList]) => {
    const properties = propertiesOf(`${workflow}.${run}`)
    return isList ? properties : { 7: properties }
  })
const appProperties = fc.oneof(
  { weight: 6, arbitrary: wholeMark },
  { weight: 1, arbitrary: fc.array(property) },
  { weight: 1, arbitrary: fc.dictionary(fc.string(), fc.array(property)) },
  { weight: 1, arbitrary: fc.anything() },
)
const time = fc.option(
  fc.oneof(
    fc.integer({ min: 0, max: 59 }).map((minute) => `2026-08-01T10:${String(minute).padStart(2, '0')}Z`),
    fc.integer({ min: 0, max: 59 }).map((second) => `2026-08-01T10:00:${String(second).padStart(2, '0')}Z`),
    fc.string(),
  ),
)
const dentry: fc.Arbitrary<Dentry> = fc.record(
  {
    // The platform may list an entry twice.
    id: fc.oneof(
      fc.integer({ min: 1, max: 200 }).map(String),
      fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
    ),
    spaceId: fc.constant('1'),
    parentId: fc.constant('2'),
    name: fc.string(),
    uuid: fc.constant('u'),
    version: fc.constantFrom(1, 1, 1, 1, 1, 1, 2, 3, 0, -1, null),
    creatorId: fc.option(fc.constantFrom('a', 'a', 'a', 'a', 'b')),
    modifierId: fc.option(fc.constantFrom('a', 'a', 'a', 'a', 'b')),
    createTime: time,
    modifiedTime: time,
    appProperties,
  },
  { requiredKeys: ['id', 'spaceId', 'parentId', 'name', 'uuid', 'version'] },
)

/** The run of a file that has our mark and no other, read without the code under test. */
function runOf({ appProperties }: Dentry): bigint | undefined {
  const values = (name: string) => {
    const lists = (
      Array.isArray(appProperties) ? [appProperties] : Object.values(appProperties ?? {})
    ) as unknown[]
    return lists
      .flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))
      .flatMap((item) => {
        const { name: given, value } = (item ?? {}) as { name?: unknown; value?: unknown }
        return given === name && typeof value === 'string' ? [value] : []
      })
  }
  const source = values('utd-source').find((value) => value.startsWith(`${WORKFLOW}.`))
  return source !== undefined && values('utd-nonce').length > 0
    ? BigInt(source.split('.')[1] ?? '')
    : undefined
}

test('deletes only files with our mark, of earlier runs, that are older than the newest runs', () => {
  let deletions = 0
  fc.assert(
    fc.property(
      fc.array(dentry, { maxLength: 40 }),
      fc.array(dentry, { maxLength: 3 }),
      fc.bigInt({ min: 0n, max: 12n }),
      fc.integer({ min: 1, max: 6 }),
      (listed, own, run, keep) => {
        const gone = goes([...listed, ...own], keep, own, String(run))
        deletions += gone.length
        const shown = [...listed, ...own]
        const runs = new Set([run, ...shown.flatMap((one) => runOf(one) ?? [])])
        expect(new Set(gone.map(({ id }) => id)).size).toBe(gone.length)
        for (const one of gone) {
          expect(shown).toContain(one)
          for (const same of shown.filter(({ id }) => id === one.id)) expect(runOf(same)).toBe(runOf(one))
          expect(own.map(({ id }) => id)).not.toContain(one.id)
          const its = runOf(one)
          expect(its).toBeDefined()
          expect(its! < run).toBe(true)
          expect([...runs].filter((other) => other > its!).length).toBeGreaterThanOrEqual(keep)
          for (const person of [one.creatorId, one.modifierId])
            expect([OPERATOR, '', null, undefined]).toContain(person)
          expect(one.version).toEqual(expect.any(Number))
        }
      },
    ),
    { numRuns: RUNS, seed: SEED },
  )
  // The property is useless without such cases.
  expect(deletions).toBeGreaterThan(RUNS / 10)
})

test('a file that is listed twice stays', () => {
  const [old, newer] = [of('1'), of('2')]
  expect(goes([old, { ...newer, id: old.id }], 1)).toEqual([])
  expect(goes([old, { ...old }], 1)).toEqual([])
})

test('deletes nothing in an unmarked folder', () => {
  fc.assert(
    fc.property(fc.array(dentry.map((one) => ({ ...one, appProperties: undefined }))), (listed) => {
      expect(goes(listed, 1)).toEqual([])
    }),
    { numRuns: 200, seed: SEED },
  )
})
