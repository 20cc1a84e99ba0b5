// Draws the pictures of the documentation from real output: job summaries, and the page of a group. The committed bundle runs
// against the emulator; Chromium draws. Needs Debian's packages chromium, fonts-noto-cjk and fonts-noto-color-emoji. With --check,
// and without Chromium, it only reports the pictures whose source has changed since they were drawn.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { startEmulator, type Values } from '../emulator/emulator.ts'
import { act, inputsFor } from './act.ts'

const ROOT = dirname(import.meta.dirname)
/** CSS pixels: a phone, where a wider picture would be unreadable, and a chat window. */
const PHONE = 375
const CHAT = 500
/** What the release of the pictures posts. */
const MESSAGE = {
  message:
    '### 商城 App v1.2.0\n\n**{status}** · {ref} · {size}\n\n- 修复登录页闪退\n- 订单列表支持搜索\n\n扫码安装 Scan to install:',
  buttons: '[安装 Install]({files})\n[构建日志 Build log]({run})',
  images: 'qr:{files}',
  status: 'success',
}
const CSS = readFileSync(
  createRequire(import.meta.url).resolve('github-markdown-css/github-markdown-light.css'),
  'utf8',
)

/** The digests of what the pictures show, by name. */
const DIGESTS = join(ROOT, 'docs/pictures.json')

/** A page to draw. */
interface Source {
  readonly html: string
  /** CSS pixels */
  readonly width: number
  /** Pixels for each CSS pixel. */
  readonly scale: number
}

const isCheck = process.argv.includes('--check')
const directory = mkdtempSync(join(tmpdir(), 'pictures-'))
try {
  const sources = await pages()
  const digests = Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [name, digestOf(source)]),
  )
  if (isCheck) {
    const drawn = JSON.parse(readFileSync(DIGESTS, 'utf8')) as Record<string, string>
    for (const name of Object.keys({ ...digests, ...drawn })) {
      if (digests[name] === drawn[name]) continue
      console.error(`docs/${name} is out of date: run npm run pictures and commit it`)
      process.exitCode = 1
    }
  } else {
    for (const [name, source] of Object.entries(sources)) draw(name, source)
    writeFileSync(DIGESTS, `${JSON.stringify(digests, undefined, 2)}\n`)
  }
} finally {
  rmSync(directory, { recursive: true })
}

/** The page of each picture, by the picture's name. */
async function pages(): Promise<Record<string, Source>> {
  // A long round trip, as is common.
  const emulator = await startEmulator({ latency: isCheck ? 0 : 150 })
  try {
    const credentials = inputsFor(emulator.values)
    const workplace = (name: string, files: Record<string, number>) => {
      const cwd = join(directory, name)
      mkdirSync(cwd)
      for (const [file, size] of Object.entries(files))
        writeFileSync(join(cwd, file), Buffer.alloc(size, file))
      return cwd
    }
    const apk = { 'app-v1.2.0.apk': 48_300_000 }
    const group = await act({
      with: {
        ...credentials,
        ...MESSAGE,
        'robot-code': emulator.others.robotCode,
        'folder-path': 'v1.2.0',
        path: '.',
      },
      cwd: workplace('group', apk),
    })
    if (group.exitCode !== 0) throw new Error(group.stdout)
    const timeline = await groupPage(emulator.values)

    const cwd = workplace('out', { ...apk, 'App-v1.2.0.ipa': 61_700_000, '更新说明.md': 4_200 })
    const upload = await act({ with: { ...credentials, path: '.' }, cwd })
    emulator.scopes.withdraw('Storage.File.Write', 'ConvFile.File.Send')
    const check = await act({ with: { ...credentials, mode: 'check' }, cwd })
    return {
      'group.png': { html: timeline, width: CHAT, scale: 2 },
      'summary.png': { html: summaryPage(upload.summary), width: PHONE, scale: 2 },
      'check.png': { html: summaryPage(check.summary), width: PHONE, scale: 2 },
    }
  } finally {
    await emulator.close()
  }
}

/** The page of the main group, with its pictures in it. */
async function groupPage({ apiBaseUrl, chatId }: Values): Promise<string> {
  const url = `${apiBaseUrl}/_emulator/groups/${chatId}`
  let html = await (await fetch(url)).text()
  for (const [, src = ''] of html.matchAll(/<img class="picture" src="([^"]+)"/g)) {
    const image = await fetch(new URL(src, url))
    const bytes = Buffer.from(await image.arrayBuffer()).toString('base64')
    html = html.replaceAll(src, `data:${image.headers.get('content-type') ?? ''};base64,${bytes}`)
  }
  return html
}

/** A job summary on GitHub's page, on a phone. */
function summaryPage(markdown: string): string {
  const body = micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  })
  // Chromium's windows are at least 500 px wide, so the phone is in the middle.
  const css = `html { background: #eaeef2 } body { box-sizing: border-box; width: ${PHONE}px; margin: 0 auto !important; padding: 24px 16px }`
  return `<!doctype html><meta charset="utf-8"><style>${CSS} ${css}</style><body class="markdown-body">${body}`
}

/** A digest of a picture's contents, without collapsed parts, IDs, times, and images, which differ in every run. */
function digestOf({ html, width, scale }: Source): string {
  const shown = html
    .replaceAll(/(<\/summary>).*?(<\/details>)/gs, '$1$2')
    .replaceAll(
      /<time>[^<]*|data:image\/[^"]*|[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}|\b(?:chat|ding)[\da-z]{16,}|\d{15,}/g,
      '',
    )
  return createHash('sha256').update(`${width} ${scale} ${shown}`).digest('hex')
}

/** @throws Error if something is wider than the page, and so cut off */
function draw(name: string, { html, width, scale }: Source): void {
  const page = join(directory, `${name}.html`)
  const picture = join(ROOT, 'docs', name)
  const measure = `document.title = document.documentElement.offsetHeight + ' ' + [...document.querySelectorAll('body, body *')]
    .filter(({ clientWidth, scrollWidth }) => clientWidth > 0 && scrollWidth > clientWidth).length`
  writeFileSync(page, `${html}<script>${measure}</script>`)
  const window = (height: number) => [
    `--window-size=${Math.max(width, 500)},${height}`,
    `--force-device-scale-factor=${scale}`,
  ]
  const [, height, wide] = /<title>(\d+) (\d+)</.exec(chromium('--dump-dom', page, window(200))) ?? []
  if (height === undefined) throw new Error('Chromium did not report the height of the page')
  if (wide !== '0') throw new Error(`${name}: something is too wide and cut off`)
  chromium(`--screenshot=${picture}`, page, window(Number(height)))
}

function chromium(task: string, page: string, window: readonly string[]): string {
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
      `--user-data-dir=${join(directory, 'profile')}`,
      ...window,
      task,
      `file://${page}`,
    ],
    { encoding: 'utf8' },
  )
  if (error) throw error
  if (status !== 0) throw new Error(`Chromium failed: ${stderr}`)
  return stdout
}
