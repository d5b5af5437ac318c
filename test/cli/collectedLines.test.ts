import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';

const script = join(import.meta.dirname, 'collectedLines.ts');

async function run(end: string): Promise<{ status: number; stdout: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, end], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [stdout, [status]] = await Promise.all([
    text(child.stdout),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { status, stdout };
}

test.each([
  ['returns', 0],
  ['exits', 3],
  ['throws', 1],
])('no line is lost when the program %s', async (end, status) => {
  expect(await run(end)).toEqual({ status, stdout: 'one\ntwo\n' });
});

test('a note is written after the lines before it', async () => {
  expect((await run('notes')).stdout).toBe('one\ntwo\na note\nthree\n');
});
