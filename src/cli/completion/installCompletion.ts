import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../../files/replaceFile.js';
import { scripts } from './scripts.js';
import type { Shell } from './shellAnswer.js';
import type { ShellPlaces } from './shellPlaces.js';
import { withBlock, withoutBlock } from './startupBlock.js';

/** A file of the user that was looked at. */
export interface FileChange {
  path: string;
  change: 'created' | 'updated' | 'removed' | 'unchanged';
}

/** Installs the completion of a shell. To do it again changes nothing. */
export async function installCompletion(
  shell: Shell,
  { script, startup }: ShellPlaces,
): Promise<FileChange[]> {
  const changes = [await changeFile(script, () => scripts[shell])];
  if (startup !== undefined) {
    changes.push(await changeFile(startup.file, (text) => withBlock(text, startup.line)));
  }
  return changes;
}

/** Removes what {@link installCompletion} has written, and nothing else. */
export async function uninstallCompletion({ script, startup }: ShellPlaces): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  if (startup !== undefined && (await textOf(startup.file)) !== undefined) {
    changes.push(await changeFile(startup.file, withoutBlock));
  }
  const isThere = (await textOf(script)) !== undefined;
  await rm(script, { force: true });
  changes.push({ path: script, change: isThere ? 'removed' : 'unchanged' });
  return changes;
}

async function changeFile(path: string, change: (text: string) => string): Promise<FileChange> {
  const before = await textOf(path);
  if (before !== undefined && change(before) === before) return { path, change: 'unchanged' };
  await mkdir(dirname(path), { recursive: true });
  // Files of a shell are not secret: they stay as readable as they were.
  const mode = before === undefined ? 0o644 : (await stat(path)).mode;
  await replaceFile(path, (content) => change(content?.toString('utf8') ?? ''));
  await chmod(path, mode & 0o777);
  return { path, change: before === undefined ? 'created' : 'updated' };
}

/** @throws an error of the file system, except for a missing file */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
}
