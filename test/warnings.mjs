import { afterAll, afterEach, expect } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { runInThisContext } from 'node:vm';

// Runs with every test file: a test that makes Node.js warn, of a leak of listeners for instance, fails.
// Jest gives tests a copy of `process`, which receives no warnings.
const process = runInThisContext('process');
const warnings = [];

function note(warning) {
  // Node.js calls the ES modules of Jest experimental, and the AWS SDK announces the end of its support for Node 20.
  const isExpected =
    warning.name === 'ExperimentalWarning' ||
    warning.message.startsWith('NodeVersionSupportWarning');
  if (!isExpected) warnings.push(warning.stack);
}

process.on('warning', note);
afterEach(async () => {
  // A warning is emitted a moment after what caused it.
  await setImmediate();
  expect(warnings.splice(0)).toEqual([]);
});
afterAll(() => {
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
