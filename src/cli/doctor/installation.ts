import { access, constants, open, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { note, ok, type Check, type Finding } from './check.js';

/** What the shell runs as `synapse`. The Python client installs a command of the same name, and shares the configuration file. */
export const installation: Check = {
  name: 'installation',
  title: 'Command',
  run: async ({ environment }) => {
    const folders = (environment['PATH'] ?? '').split(delimiter).filter(Boolean);
    const own = await realPath(process.argv[1] ?? '');
    const found: InstalledCommand[] = [];
    for (const folder of folders) {
      const path = await commandIn(folder);
      if (path === undefined || found.some((one) => one.path === path)) continue;
      const isOwn = (await realPath(path)) === own;
      found.push({ path, isOwn, isPython: !isOwn && (await isPythonProgram(path)) });
    }
    return [installationFinding(found, own)];
  },
};

/** A `synapse` in a folder of PATH. */
export interface InstalledCommand {
  path: string;
  /** Whether it is the one that runs now. */
  isOwn: boolean;
  isPython: boolean;
}

/** @param found - In the order of PATH. */
export function installationFinding(found: readonly InstalledCommand[], own: string): Finding {
  const [first] = found;
  const other = found.find(({ isOwn }) => !isOwn);
  if (first === undefined) {
    return note(
      `${own} is not in a folder of PATH.`,
      'Add its folder to PATH to run it as `synapse`.',
    );
  }
  if (other === undefined) return ok(`\`synapse\` is ${first.path}`, { path: first.path });
  const what = other.isPython ? 'the Python client' : 'another program';
  const details = { path: first.path, other: other.path };
  if (first.isOwn) {
    return note(
      `\`synapse\` is ${first.path}. There is also ${what}, ${other.path}.`,
      other.isPython
        ? 'Both can be installed: they share the configuration file and the cache.'
        : 'Remove it, or keep it behind this one in PATH.',
      details,
    );
  }
  return note(
    `\`synapse\` is ${what}, ${other.path}, and not the command that runs now.`,
    `Put the folder of ${own} first in PATH to run this one.`,
    details,
  );
}

async function commandIn(folder: string): Promise<string | undefined> {
  const names = process.platform === 'win32' ? ['synapse.cmd', 'synapse.exe'] : ['synapse'];
  for (const name of names) {
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** Whether the first line of a script names Python. */
async function isPythonProgram(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    const [line = ''] = buffer.toString('latin1', 0, bytesRead).split('\n');
    return line.startsWith('#!') && line.includes('python');
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
