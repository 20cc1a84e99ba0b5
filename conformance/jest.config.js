import { dirname } from 'node:path'
import root from '../jest.config.js'

const { maxWorkers, testTimeout, ...project } = root

// As in Windows Terminal, where the setup shows the same symbols as on other systems.
process.env.WT_SESSION ??= 'conformance'

/** @type {import('jest').Config} */
export default {
  maxWorkers,
  testTimeout,
  projects: [
    {
      ...project,
      displayName: 'other programs',
      rootDir: dirname(import.meta.dirname),
      roots: ['<rootDir>/conformance'],
      globalSetup: '<rootDir>/conformance/install.ts',
    },
    // npm has old versions of Node for this platform.
    ...(process.platform === 'linux' && process.arch === 'x64'
      ? [
          {
            ...project,
            displayName: 'oldest Node',
            rootDir: dirname(import.meta.dirname),
            roots: ['<rootDir>/__tests__/e2e'],
            globalSetup: '<rootDir>/conformance/install.ts',
            setupFiles: ['<rootDir>/conformance/oldest-node.ts'],
          },
        ]
      : []),
  ],
}
