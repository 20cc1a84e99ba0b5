// Draws the job summaries that the READMEs show, as GitHub does: made by the committed bundle against the emulator, its
// Markdown rendered as GFM, in Chromium. Needs Debian's packages chromium, fonts-noto-cjk and fonts-noto-color-emoji.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { startEmulator } from '../emulator/emulator.ts'
import { act, inputsFor } from './act.ts'

const ROOT = dirname(import.meta.dirname)
/** CSS pixels: GitHub's page at a desk, and a phone. */
const DESK = 1012
const PHONE = 375
const CSS = readFileSync(
  createRequire(import.meta.url).resolve('github-markdown-css/github-markdown-light.css'),
  'utf8',
)

const directory = mkdtempSync(join(tmpdir(), 'pictures-'))
// An ocean away, as the API often is.
const emulator = await startEmulator({ latency: 150 })
try {
  const workplace = join(directory, 'out')
  mkdirSync(workplace)
  const build = (name: string, size: number) => {
    writeFileSync(join(workplace, name), Buffer.alloc(size, name))
  }
  build('app-v1.2.0.apk', 48_300_000)
  build('App-v1.2.0.ipa', 61_700_000)
  build('更新说明.md', 4_200)
  const credentials = {
    ...inputsFor(emulator.values),
  }
  const upload = await act({ with: { ...credentials, path: '.' }, cwd: workplace })
  draw(upload.summary, 'summary.png', DESK)
  draw(upload.summary, 'summary-phone.png', PHONE)

  emulator.scopes.withdraw('Storage.File.Write', 'ConvFile.File.Send')
  const check = await act({ with: { ...credentials, mode: 'check' }, cwd: workplace })
  draw(check.summary, 'check.png', DESK)
} finally {
  await emulator.close()
  rmSync(directory, { recursive: true })
}

/** @throws Error if something is wider than the page, and so cut off */
function draw(markdown: string, name: string, width: number): void {
  const body = micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  })
  const page = join(directory, `${name}.html`)
  const picture = join(ROOT, 'docs', name)
  // Chromium's windows are at least 500 px wide: a phone stands in the middle of one.
  const css = `html { background: #eaeef2 } body { box-sizing: border-box; width: ${width}px; margin: 0 auto !important; padding: 24px 16px }`
  const measure = `document.title = document.documentElement.offsetHeight + ' ' + [...document.querySelectorAll('body, body *')]
    .filter(({ clientWidth, scrollWidth }) => clientWidth > 0 && scrollWidth > clientWidth).length`
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><style>${CSS} ${css}</style><body class="markdown-body">${body}<script>${measure}</script>`,
  )
  const size = (height: number) => `--window-size=${Math.max(width, 500)},${height}`
  const [, height, wide] = /<title>(\d+) (\d+)</.exec(chromium('--dump-dom', page, size(800))) ?? []
  if (height === undefined) throw new Error('Chromium did not report the height of the page')
  if (wide !== '0') throw new Error(`${name}: something is too wide and cut off`)
  chromium(`--screenshot=${picture}`, page, size(Number(height)))
}

function chromium(task: string, page: string, size: string): string {
  const { status, stdout, stderr, error } = spawnSync(
    'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--hide-scrollbars',
      '--force-device-scale-factor=1.5',
      `--user-data-dir=${join(directory, 'profile')}`,
      size,
      task,
      `file://${page}`,
    ],
    { encoding: 'utf8' },
  )
  if (error) throw error
  if (status !== 0) throw new Error(`Chromium failed: ${stderr}`)
  return stdout
}
