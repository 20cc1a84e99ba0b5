import type { LocalFileError } from '../../errors.ts'
import type { Hint } from '../hint.ts'
import type { Advice } from './shared.ts'

const CHANGED: Hint = {
  fix: {
    en: 'Make sure that whatever writes the files in path has finished before this step starts.',
    zh: '请确保 path 中的文件在本步骤开始前已写入完毕，且不再改动。',
  },
}

/** Advice by the system's error code. */
const BY_CODE: Advice = {
  ENOSPC: {
    fix: {
      en: 'The disk of the runner is full. Free some space before this step. With archive: true, the temporary directory must have room for the whole zip.',
      zh: 'runner 的磁盘已满。请在本步骤之前清理空间。设置 archive: true 时，临时目录需要能放下整个 zip。',
    },
  },
  EMFILE: {
    fix: {
      en: 'Too many files are open. Decrease concurrency, or raise the limit of open files (ulimit -n) on the runner.',
      zh: '同时打开的文件过多。请调小 concurrency，或调大 runner 的打开文件数限制（ulimit -n）。',
    },
  },
  EACCES: {
    fix: {
      en: "The runner's user cannot read this file. Change its permissions before this step, or exclude it in path with !.",
      zh: '运行 runner 的用户没有该文件的读取权限。请在本步骤之前修改权限，或在 path 中用 ! 排除该文件。',
    },
  },
}

const SAME: Readonly<Record<string, string>> = { ENFILE: 'EMFILE', EPERM: 'EACCES', EDQUOT: 'ENOSPC' }

/** What to do about a file on disk that could not be read, or an archive that could not be written. */
export function localFileHint({ message, cause }: LocalFileError): Hint {
  const code = (cause as { code?: unknown } | undefined)?.code
  // Where the cause comes from another thread, only its message is left.
  const known = typeof code === 'string' ? code : (/\b(E[A-Z]{3,})\b:/.exec(message)?.[1] ?? '')
  const name = SAME[known] ?? known
  return (Object.hasOwn(BY_CODE, name) ? BY_CODE[name] : undefined) ?? CHANGED
}
