import { usageError } from '../usageError.js';
import { shells, type Shell } from './shellAnswer.js';

/** The shell of the user. */
export function currentShell(
  { SHELL = '', PSModulePath }: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Shell | undefined {
  const name = SHELL.slice(SHELL.lastIndexOf('/') + 1).replace(/\.exe$/, '');
  if (name === 'pwsh') return 'powershell';
  const found = shells.find((shell) => shell === name);
  return found ?? (platform === 'win32' && PSModulePath !== undefined ? 'powershell' : undefined);
}

/** @throws a usage error for a shell without completion, or when the shell is not known */
export function requireShell(given: string | undefined): Shell {
  const shell =
    shells.find((each) => each === given) ?? currentShell(process.env, process.platform);
  if (shell !== undefined) return shell;
  const used = process.env['SHELL'];
  const what = used ? `There is no completion for ${used}.` : 'The shell is not known.';
  throw usageError(`${what} Name one of ${shells.join(', ')} with --shell.`);
}
