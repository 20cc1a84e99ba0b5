// Starts the bundle next to it: as a step, or for cli.js. Other runners than GitHub's use the Node.js that they find, so the
// syntax of this file is one that any version reads.
'use strict'

const found = process.versions.node
const [major, minor] = found.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 19)) {
  import('./index.js')
} else {
  const en = `upload-to-dingtalk requires Node.js 22.19 or later. This is Node.js ${found}. Install Node.js 24, use an image that contains it, or run actions/setup-node before this step.`
  const zh = `upload-to-dingtalk 需要 Node.js 22.19 或更高版本，当前版本为 Node.js ${found}。请安装 Node.js 24，使用带 Node.js 24 的镜像，或在本步骤之前运行 actions/setup-node。`
  if (global.uploadToDingtalk) {
    console.error(`${en}\n${zh}`)
    // As for every failure, there is one JSON object.
    if (process.argv.includes('--json')) console.log('{}')
  } else {
    // Not all runners decode a line break in an annotation.
    console.log(`::error::${en}\n${zh}`)
  }
  process.exitCode = 1
}
