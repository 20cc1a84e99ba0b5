import { expect, test } from '@jest/globals'
import { FolderLinkError, parseFolderLink } from '../../src/inputs/folder-link.ts'

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

test.each([
  ['12345', 'it is not a link'],
  ['https%3A%2F%2F%E0%A4%A', 'it is not a link'],
  ['https://qr.dingtalk.com/page/yunpan?spaceId=1&fileId=2&type=file', 'it leads to a file (type=file)'],
  ['https://qr.dingtalk.com/page/yunpan?spaceId=1&fileId=2&type=space', 'it leads to a "space"'],
  ['https://qr.dingtalk.com/page/yunpan?spaceId=1', 'its fileId is missing'],
  ['https://qr.dingtalk.com/page/yunpan?spaceId=abc&fileId=2', 'its spaceId is not a number'],
  [
    'https://qr.dingtalk.com.example.com/page/yunpan?spaceId=1&fileId=2',
    'it does not lead to a DingTalk folder',
  ],
  ['https://alidocs.dingtalk.com/i/nodes/', 'it does not lead to a DingTalk folder'],
  ['https://alidocs.dingtalk.com/i/nodes/a/../../x', 'it does not lead to a DingTalk folder'],
  ['https://applink.dingtalk.com/page/yunpan?spaceId=1&fileId=2&type=file', 'it leads to a file (type=file)'],
  ['https://applink.dingtalk.com/page/other?spaceId=1&fileId=2', 'it does not lead to a DingTalk folder'],
  ['https://alidocs.dingtalk.com/i/p/Y7kmbokZp3pgGLq2', 'it leads to a shared page'],
  ['https://docs.dingtalk.com/i/p/Y7kmbokZp3pgGLq2/docs/abc', 'it leads to a shared page'],
  ['https://alidocs.dingtalk.com/i/spaces/nb9XJlJ7QbR0oXyA/overview', 'it leads to a whole knowledge base'],
  [
    'https://alidocs.dingtalk.com/i/spaces/nb9XJlJ7QbR0oXyA/overview?x=y',
    'it leads to a whole knowledge base',
  ],
  ['https://docs.dingtalk.com.example.com/i/nodes/a', 'it does not lead to a DingTalk folder'],
])('%s is refused', (link, reason) => {
  expect(() => parseFolderLink(link)).toThrow(FolderLinkError)
  expect(() => parseFolderLink(link)).toThrow(reason)
})
