import { appendFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/** Whether everything is tried, as `npm run test:faults` does, and not a sample of it. */
export const isThorough = process.env['TEST_FAULTS'] === '1';

/** Says how many cases the running test has been through, for the table of `npm run test:faults`. */
export function countRounds(rounds: number): void {
  const report = process.env['TEST_FAULTS_ROUNDS'];
  if (report === undefined) return;
  const { currentTestName, testPath } = expect.getState();
  appendFileSync(report, `${JSON.stringify({ testPath, currentTestName, rounds })}\n`);
}
