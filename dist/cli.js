#!/usr/bin/env node
// The command line, as npx starts it. dist/cli.js is a copy of this file: the bundle next to it has the rest. The syntax is
// one that old versions of Node read, so that start.cjs can say which version is missing.
import { readFileSync } from 'fs'
import { URL } from 'url'

// Makes index.js run as a command, not as a step. Both share one bundle.
globalThis.uploadToDingtalk = {
  version: () => JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version,
}
import('./start.cjs')
