import type { InputReader } from './reader.ts'

/** Who uploads and sends the files: a union id, or a user id whose union id is still to be looked up. */
export type Operator = { readonly unionId: string } | { readonly userId: string }

/** Reads the operator. A union id is preferred: it needs no lookup. */
export function readOperator(reader: InputReader<'user-id' | 'union-id'>): Operator {
  const unionId = reader.text('union-id', refusalOfSeveral)
  const userId = reader.text('user-id', refusalOfSeveral)
  if (!unionId && !userId) {
    reader.problem('user-id', 'user-id or union-id is required / user-id 与 union-id 必填其一')
  }
  return unionId ? { unionId } : { userId }
}

function refusalOfSeveral(id: string): string | undefined {
  return /\s/.test(id) ? 'holds a blank: give one id / 含有空格：只能填写一个 ID' : undefined
}
