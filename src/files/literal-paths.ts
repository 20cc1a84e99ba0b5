import { isUtf8 } from 'node:buffer'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, type Problem } from '../errors.ts'
import { display } from './local-file.ts'
import { escaped } from './undecodable-names.ts'

/**
 * Finds what literal paths lead to: themselves, and everything below those that are directories. What does not exist, such
 * as the target of a broken link, is left out.
 *
 * @param paths absolute; no character of theirs is special
 * @param includeHidden whether names that begin with a dot count below a directory
 * @throws InputError naming `path`, for names that are not valid UTF-8; the system's error; the signal's reason
 */
export async function literalMatches(
  paths: readonly string[],
  includeHidden: boolean,
  signal?: AbortSignal,
): Promise<string[]> {
  const found: string[] = []
  const problems: Problem[] = []

  /** @param above the real paths of the directories on the way, because a link may lead back to one */
  const add = async (path: string, above: readonly string[]): Promise<void> => {
    signal?.throwIfAborted()
    const stats = await stat(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
    const real = stats?.isDirectory() ? await realpath(path) : ''
    if (!stats || above.includes(real)) return
    found.push(path)
    if (!stats.isDirectory()) return
    for (const name of await readdir(path, { encoding: 'buffer' })) {
      if (!isUtf8(name)) {
        const shown = display(join(path, escaped(name)))
        problems.push({
          input: 'path',
          text: {
            en: `The name of ${shown} is not valid UTF-8. Rename the file.`,
            zh: `${shown} 的文件名不是有效的 UTF-8 编码，请重命名该文件。`,
          },
        })
      } else if (includeHidden || !name.toString().startsWith('.'))
        await add(join(path, name.toString()), [...above, real])
    }
  }

  for (const path of paths) await add(path, [])
  if (problems.length > 0) throw new InputError(problems)
  return found
}
