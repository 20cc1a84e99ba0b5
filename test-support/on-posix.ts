import { test } from '@jest/globals'

/** A test of what Windows does not have: names with such characters, pipes, rights of the group, signals that can be caught. */
export const onPosix = process.platform === 'win32' ? test.skip : test

/** A test of what only Windows has. */
export const onWindows = process.platform === 'win32' ? test : test.skip
