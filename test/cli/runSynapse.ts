import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Directory that is home and working directory: nothing of this machine's user takes part. */
  home: string;
  env?: Readonly<Record<string, string | undefined>>;
  input?: string;
}

const command = join(import.meta.dirname, '../../bin/run.js');

/** Starts the built `synapse` command as a user's shell does. */
export function startSynapse(args: string[], { home, env }: RunOptions): ReturnType<typeof spawn> {
  return spawn(process.execPath, [command, ...args], {
    cwd: home,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      USERPROFILE: home,
      CI: 'true',
      // Each home is new: keeping compiled code in it would only take time.
      NODE_DISABLE_COMPILE_CACHE: '1',
      ...env,
    },
    stdio: 'pipe',
  });
}

/** Runs the built `synapse` command to its end. */
export async function runSynapse(args: string[], options: RunOptions): Promise<Ended> {
  const child = startSynapse(args, options);
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('no pipes');
  stdin.end(options.input ?? '');
  const [out, err, [status]] = await Promise.all([
    text(stdout),
    text(stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout: out, stderr: err };
}
