import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

/** Which rooms of src/ each room may import, and which files beside them. A room may always import itself. */
const SRC = {
  http: [],
  dingtalk: ['http'],
  text: ['http'],
  files: ['dingtalk', 'http', 'text', 'errors.ts'],
  github: ['dingtalk', 'files', 'http', 'inputs', 'text', 'domain.ts', 'errors.ts'],
  upload: ['dingtalk', 'files', 'http', 'text', 'domain.ts', 'errors.ts'],
  retention: ['dingtalk', 'http', 'domain.ts', 'errors.ts'],
  send: ['dingtalk', 'github', 'http', 'text', 'domain.ts', 'errors.ts'],
  inputs: ['dingtalk', 'http', 'text', 'domain.ts', 'errors.ts'],
  report: ['dingtalk', 'files', 'github', 'http', 'text', 'domain.ts', 'errors.ts'],
  command: ['dingtalk', 'github', 'http', 'inputs', 'text', 'domain.ts', 'main.ts'],
  check: [
    'dingtalk',
    'github',
    'http',
    'inputs',
    'report',
    'retention',
    'send',
    'text',
    'upload',
    'domain.ts',
    'errors.ts',
  ],
  setup: [
    'check',
    'command',
    'dingtalk',
    'github',
    'http',
    'inputs',
    'report',
    'send',
    'text',
    'action.ts',
    'domain.ts',
    'errors.ts',
  ],
}

/** The same for emulator/. */
const EMULATOR = {
  http: [],
  github: ['http'],
  faults: ['http'],
  oss: ['http', 'modes.ts'],
  drive: ['http', 'modes.ts', 'oss'],
  organization: ['drive', 'http', 'modes.ts', 'oss'],
  gateways: ['drive', 'http', 'oss', 'organization'],
  control: ['drive', 'faults', 'http', 'interface.ts', 'organization'],
}

/** @param {string} folder @param {Record<string, string[]>} rooms */
const zonesOf = (folder, rooms) =>
  Object.entries(rooms).map(([room, others]) => ({
    target: `./${folder}/${room}`,
    from: `./${folder}`,
    except: [room, ...others].map((name) => `./${name}`),
    message: 'eslint.config.js says which rooms a room may import.',
  }))

const zones = [
  ...zonesOf('src', SRC),
  ...zonesOf('emulator', EMULATOR),
  { target: './emulator', from: './src', message: 'The emulator shares no code with what it tests.' },
]

export default defineConfig(
  { ignores: ['.ci/tools', 'build', 'bench/rivals', 'dist'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', 'scripts/*.js'] } } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] } },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/order': ['error', { alphabetize: { order: 'asc' }, 'newlines-between': 'never' }],
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
    },
  },
  {
    // The client can be used, tested and read without a runner.
    files: ['src/**/*.ts'],
    ignores: ['src/github/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['@actions/*', '**/@actions/**'], message: 'Only src/github/ knows GitHub.' }],
        },
      ],
    },
  },
  {
    // What a test takes for granted fails it, with the line, when it is not so.
    files: ['__tests__/**', 'conformance/**', 'test-support/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', global: 'readonly' },
    },
  },
)
