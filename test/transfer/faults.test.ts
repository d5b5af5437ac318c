import { expect, test } from '@jest/globals';
import { countRounds, isThorough } from '../faults/rounds.js';
import { runChild } from './runChild.js';

test('no wrong file gets a real name whichever call of the file system or the network fails', async () => {
  const stride = isThorough ? 1 : 13;
  const output = await runChild('transfer/children/enumerateFaults.ts', [String(stride)]);
  const { runs, problems } = JSON.parse(output) as { runs: number; problems: string[] };
  expect(problems).toEqual([]);
  expect(runs).toBeGreaterThan(isThorough ? 800 : 80);
  countRounds(runs);
}, 300_000);
