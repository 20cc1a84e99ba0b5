/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Jest would leave a core unused, which is half of a small machine.
  maxWorkers: '100%',
  // ms; only what never ends takes that long, even on a busy machine.
  testTimeout: 60_000,
  transform: { '\\.ts$': '<rootDir>/scripts/strip-types.js' },
}
