import root from '../jest.config.js'

/** @type {import('jest').Config} */
export default {
  ...root,
  rootDir: '..',
  roots: ['<rootDir>/conformance'],
  globalSetup: '<rootDir>/conformance/install.ts',
}
