#!/usr/bin/env node
// The command line, as npx starts it. dist/cli.js is a copy of this file: the bundle next to it has the rest. The syntax is
// one that old versions of Node understand, for they must be able to say what is missing.
import { readFileSync } from 'node:fs'
import { URL } from 'node:url'

if (parseInt(process.versions.node, 10) < 24) {
  const found = process.versions.node
  console.error('upload-to-dingtalk requires Node.js 24 or later. This is Node.js ' + found + '.')
  console.error('upload-to-dingtalk 需要 Node.js 24 或更高版本，当前版本为 Node.js ' + found + '。')
  process.exit(1)
} else {
  // Tells index.js not to run as a step. Both share one bundle.
  globalThis.uploadToDingtalk = {
    version: () => JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version,
  }
  import('./index.js')
}
