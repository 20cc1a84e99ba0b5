import type { Text } from '../http/text.ts'
import type { InputReader } from './reader.ts'

/** Who uploads and sends the files: a union id, or a user id whose union id is still to be looked up. */
export type Operator = { readonly unionId: string } | { readonly userId: string }

/** Reads the operator. A union id is preferred: it needs no lookup. */
export function readOperator(reader: InputReader<'user-id' | 'union-id'>): Operator {
  const unionId = reader.text('union-id', refusalOfSeveral)
  const userId = reader.text('user-id', refusalOfSeveral)
  if (!unionId && !userId) {
    reader.problem('user-id', {
      en: 'One of user-id and union-id is required: files are uploaded and sent on behalf of this user.',
      zh: 'user-id 与 union-id 必填其一：文件以该成员的身份上传和发送。',
    })
  }
  return unionId ? { unionId } : { userId }
}

function refusalOfSeveral(id: string): Text | undefined {
  if (!/[\s,，、；;]/.test(id)) return undefined
  return {
    en: `"${id}" contains a space or a comma. Enter a single ID.`,
    zh: `「${id}」含有空格或逗号，只能填写一个 ID。`,
  }
}
