import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { RunOptions } from './runSynapse.js';

const command = join(import.meta.dirname, '../../bin/run.js');

/** Whether a command can be run on a terminal of its own: the `script` of Linux makes one. */
export const hasTerminals =
  process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** One question, and what is typed at it. */
export type Answer = readonly [question: string, typed: string];

/**
 * Runs the built `synapse` command on a terminal and answers its questions.
 *
 * @returns What the terminal showed, without control sequences.
 */
export async function onTerminal(
  args: readonly string[],
  answers: readonly Answer[],
  { home, env, columns = 100 }: RunOptions & { columns?: number },
): Promise<{ status: number | null; screen: string; raw: string }> {
  const quoted = [process.execPath, command, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qefc', `stty cols ${columns}; ${quoted}`, '/dev/null'], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, TERM: 'xterm', SHELL: '/bin/sh', ...env },
    stdio: 'pipe',
  });
  const waiting = [...answers];
  let raw = '';
  const status = await new Promise<number | null>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      raw += chunk.toString();
      const [question, typed] = waiting[0] ?? [];
      if (question === undefined || !stripVTControlCharacters(raw).includes(question)) return;
      waiting.shift();
      child.stdin.write(`${typed ?? ''}\r`);
    });
    child.once('close', resolve);
  });
  return { status, screen: stripVTControlCharacters(raw).replaceAll('\r\n', '\n'), raw };
}
