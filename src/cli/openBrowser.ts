import { spawn } from 'node:child_process';
import type { BrowserCommand } from './browserCommand.js';

/** Milliseconds after which a browser that still runs counts as opened. */
const patience = 3000;

/**
 * Starts a browser, which may outlive this process.
 *
 * @returns Why it could not be started; `undefined` when it was.
 */
export function openBrowser({
  command,
  args,
  isText,
}: BrowserCommand): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: isText ? 'inherit' : 'ignore',
      detached: !isText,
      shell: false,
    });
    const timer = isText ? undefined : setTimeout(() => end(undefined), patience);
    const end = (problem: string | undefined): void => {
      clearTimeout(timer);
      child.unref();
      resolve(problem);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ENOENT' ? `there is no program ${command}` : error.message);
    });
    child.once('exit', (code) => end(code ? `${command} ended with status ${code}` : undefined));
  });
}
