import { describe, expect, test } from '@jest/globals'
import type { Text } from '../../src/http/text.ts'
import { parseFolderLink, refusalOfFolderPath } from '../../src/inputs/folder.ts'
import { expectWhole } from '../../test-support/whole-text.ts'

test.each([
  [
    'https://qr.dingtalk.com/page/yunpan?route=previewDentry&spaceId=98765432109876543210&fileId=12345678901234567890&type=folder',
    { kind: 'ids', spaceId: '98765432109876543210', parentId: '12345678901234567890' },
  ],
  ['https://qr.dingtalk.com/page/yunpan/?fileId=0&spaceId=1', { kind: 'ids', spaceId: '1', parentId: '0' }],
  [
    'https://QR.dingtalk.com/page/yunpan?spaceId=%201%20&fileId=2&type=folder&x=y#z',
    { kind: 'ids', spaceId: '1', parentId: '2' },
  ],
  [
    'dingtalk://dingtalkclient/page/yunpan?route=previewDentry&spaceId=1&fileId=2&type=folder',
    { kind: 'ids', spaceId: '1', parentId: '2' },
  ],
  [
    ' https%3A%2F%2Fqr.dingtalk.com%2Fpage%2Fyunpan%3FspaceId%3D1%26fileId%3D2%26type%3Dfolder\n',
    { kind: 'ids', spaceId: '1', parentId: '2' },
  ],
  [
    'https://qr.dingtalk.com/page/yunpan?x=y&amp;spaceId=1&amp;fileId=2',
    { kind: 'ids', spaceId: '1', parentId: '2' },
  ],
  ['https://alidocs.dingtalk.com/i/nodes/Qnp9zOoBVB', { kind: 'uuid', uuid: 'Qnp9zOoBVB' }],
  ['https://alidocs.dingtalk.com/i/nodes/Qnp9zOoBVB?utm_source=copy', { kind: 'uuid', uuid: 'Qnp9zOoBVB' }],
  ['https://docs.dingtalk.com/i/nodes/Qnp9zOoBVB?utm_scene=team', { kind: 'uuid', uuid: 'Qnp9zOoBVB' }],
  ['https://alidocs.dingtalk.com/i/desktop/folders/Qnp9zOoBVB', { kind: 'uuid', uuid: 'Qnp9zOoBVB' }],
  ['https://docs.dingtalk.com/i/desktop/folders/Qnp9zOoBVB/', { kind: 'uuid', uuid: 'Qnp9zOoBVB' }],
  [
    'https://applink.dingtalk.com/page/yunpan?route=previewDentry&spaceId=1&fileId=2&type=folder',
    { kind: 'ids', spaceId: '1', parentId: '2' },
  ],
])('%s', (link, folder) => {
  expect(parseFolderLink(link)).toEqual(folder)
})

const DRIVE = 'https://qr.dingtalk.com/page/yunpan'

test.each([
  ['12345', ['12345', DRIVE]],
  ['https%3A%2F%2F%E0%A4%A', ['https%3A%2F%2F%E0%A4%A', DRIVE]],
  [`${DRIVE}?spaceId=1&fileId=2&type=file`, ['type=file']],
  [`${DRIVE}?spaceId=1&fileId=2&type=space`, [DRIVE]],
  [`${DRIVE}?spaceId=1`, ['fileId', DRIVE]],
  [`${DRIVE}?spaceId=abc&fileId=2`, ['spaceId', DRIVE]],
  ['https://qr.dingtalk.com.example.com/page/yunpan?spaceId=1', ['qr.dingtalk.com.example.com', DRIVE]],
  ['https://alidocs.dingtalk.com/i/nodes/', ['https://alidocs.dingtalk.com/i/nodes/', DRIVE]],
  ['https://alidocs.dingtalk.com/i/nodes/a/../../x', ['nodes/a/../../x', DRIVE]],
  ['https://applink.dingtalk.com/page/yunpan?spaceId=1&fileId=2&type=file', ['type=file']],
  ['https://applink.dingtalk.com/page/other?spaceId=1&fileId=2', ['page/other', DRIVE]],
  ['https://alidocs.dingtalk.com/i/p/Y7kmbokZp3pgGLq2', []],
  ['https://docs.dingtalk.com/i/p/Y7kmbokZp3pgGLq2/docs/abc', []],
  ['https://alidocs.dingtalk.com/i/spaces/nb9XJlJ7QbR0oXyA/overview', []],
  ['https://alidocs.dingtalk.com/i/spaces/nb9XJlJ7QbR0oXyA/overview?x=y', []],
  ['https://docs.dingtalk.com.example.com/i/nodes/a', ['docs.dingtalk.com.example.com', DRIVE]],
])('rejects %s, and names %j', (link, named) => {
  const text = refusal(link)
  expectWhole(text, ...named)
})

test('explains a file, a page of DingTalk Docs, and any other link differently', () => {
  const links = [
    `${DRIVE}?spaceId=1&fileId=2&type=file`,
    'https://alidocs.dingtalk.com/i/p/a',
    'https://x.com',
  ]
  expect(new Set(links.map((link) => refusal(link).zh)).size).toBe(3)
})

function refusal(link: string): Text {
  const folder = parseFolderLink(link)
  if (folder.kind === 'problem') return folder.text
  throw new Error('not rejected')
}

describe('folder-path', () => {
  test.each(['releases', 'releases/v1.2.0', '构建 产物/🚀/a.b', '...a'])('%s is a path', (path) => {
    expect(refusalOfFolderPath(path)).toBeUndefined()
  })

  test.each([
    ['/releases', '/releases'],
    ['releases/', 'releases/'],
    ['a//b', 'a//b'],
    ['a/ /b', 'a/ /b'],
    ['.', '.'],
    ['a/../b', 'a/../b'],
    ['a/b*', '"b*"'],
    ['a|b/c', '"a|b"'],
    ['a/b.', '"b."'],
    ['a/\tb', '"\\tb"'],
    ['a\\b', 'a\\b'],
    ['https://x.y/z', 'folder-url'],
  ])('rejects %j, and names %s', (path, named) => {
    expectWhole(refusalOfFolderPath(path)!, named)
  })
})
