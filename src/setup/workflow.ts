import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isSecret, variableOf } from '../command/names.ts'
import { INPUT_NAMES } from '../inputs/inputs.ts'
import type { Setup } from './steps.ts'

/** The action, as a workflow names it. */
const ACTION = 'OWNER/upload-to-dingtalk@v0'

/** Where the workflow is written, below the directory. */
export const WORKFLOW = '.github/workflows/upload-to-dingtalk.yml'

/** Creates a workflow that uploads a file, to be changed to the person's own build. Never changes an existing file. */
export async function createWorkflow({ talk, directory, values }: Setup): Promise<void> {
  if (!(talk.answers['save-to'] ?? '').includes('github')) return
  const question = {
    en: `Create ${WORKFLOW}? It runs only when you start it manually.`,
    zh: `创建 ${WORKFLOW} 吗？该工作流只能手动运行。`,
  }
  if (!(await talk.agree('workflow', question))) return
  const path = join(directory, WORKFLOW)
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(path, workflow(values()), { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    talk.warn({
      en: `${WORKFLOW} already exists, so it was not changed.`,
      zh: `${WORKFLOW} 已存在，保持不变。`,
    })
    return
  }
  talk.done({
    en: `Created: ${WORKFLOW}. Replace its first step with your build, commit it, and run it from the Actions tab.`,
    zh: `已创建 ${WORKFLOW}。请将第一步替换为你的构建，提交后在 Actions 页面运行。`,
  })
  if (ACTION.startsWith('OWNER/'))
    talk.warn({
      en: 'Replace OWNER in it with the account that publishes the action.',
      zh: '请将其中的 OWNER 替换为发布该 action 的账号。',
    })
}

/** A workflow for a job with these values. @param values all of those that are saved, by the names of the inputs */
export function workflow(values: Readonly<Record<string, string>>): string {
  const inputs = INPUT_NAMES.filter((name) => values[name] && name !== 'language').map(
    (name) => `          ${name}: \${{ ${isSecret(name) ? 'secrets' : 'vars'}.${variableOf(name)} }}\n`,
  )
  const hasRobot = values['robot-code'] !== undefined || values['robot-webhook'] !== undefined
  const message = hasRobot
    ? '          message: |\n            New build ({run})\n\n            {files}\n'
    : ''
  return `name: Upload to DingTalk
on: workflow_dispatch
permissions:
  contents: read
jobs:
  upload:
    runs-on: ubuntu-latest
    steps:
      - run: date > build.txt # Replace this with your build, and path with its files.
      - uses: ${ACTION}
        with:
${inputs.join('')}          path: build.txt
${message}`
}
