import { expect, test } from '@jest/globals';
import { runChild } from './runChild.js';

const isThorough = process.env['TEST_FAULTS'] === '1';

test('whichever call of the file system fails, no wrong file gets a real name', async () => {
  const stride = isThorough ? 1 : 7;
  const output = await runChild('transfer/children/enumerateFaults.ts', [String(stride)]);
  const { runs, problems } = JSON.parse(output) as { runs: number; problems: string[] };
  expect(problems).toEqual([]);
  expect(runs).toBeGreaterThan(isThorough ? 400 : 50);
}, 300_000);
