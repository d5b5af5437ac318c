import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { fileThread, type Look } from './fileThread.js';

/** Options of {@link lookIfThere}. */
export interface LookOptions {
  /** Whether to look at a link itself, which is of the kind `other`. @default false: links are followed */
  link?: boolean;
}

/**
 * Looks at a path. Links are followed.
 * @throws what the file system says
 */
export async function lookAt(path: string): Promise<Look> {
  return (await fileThread.run('look', { path, link: false })) ?? describe(await stat(path));
}

/** Looks at a path that may be free. @returns `undefined` when nothing is there, or it cannot be seen */
export async function lookIfThere(
  path: string,
  { link = false }: LookOptions = {},
): Promise<Look | undefined> {
  const seen = await fileThread.run('look', { path, link });
  if (seen !== undefined) return seen ?? undefined;
  return (link ? lstat : stat)(path).then(describe, () => undefined);
}

function describe(info: Stats): Look {
  return {
    kind: info.isDirectory() ? 'folder' : info.isFile() ? 'file' : 'other',
    size: info.size,
    modifiedMs: info.mtimeMs,
    changedMs: info.ctimeMs,
  };
}
