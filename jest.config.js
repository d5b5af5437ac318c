import { availableParallelism } from 'node:os';

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // A test that hangs fails all the same; a slow machine is no failure.
  testTimeout: 60_000,
  // Tests wait for processes and sockets: two workers keep two cores busy.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // The modules of each test file stay in memory, which a new worker begins without.
  workerIdleMemoryLimit: '768MB',
  setupFiles: ['<rootDir>/test/setup.mjs'],
  // Every answer of the run is held against the API description, and the end of it tells what was asked;
  // a test that makes Node.js warn fails.
  setupFilesAfterEnv: ['<rootDir>/test/contract/observeFile.mjs', '<rootDir>/test/warnings.mjs'],
  globalSetup: '<rootDir>/test/contract/globalSetup.mjs',
  globalTeardown: '<rootDir>/test/contract/globalTeardown.mjs',
};
