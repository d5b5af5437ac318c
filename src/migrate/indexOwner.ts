import { randomUUID } from 'node:crypto';
import { readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fileSystemError, SynapseError, systemCode } from '../errors.js';
import { withFileLock } from '../files/fileLock.js';

/** The process that uses an index, in a file beside it. */
interface Owner {
  host: string;
  pid: number;
  /** Unique for each use, because process ids are reused. */
  nonce: string;
}

/** The uses of this process. */
const ownUses = new Set<string>();

/**
 * Claims an index for this process. The claim of a process of this machine that has ended is taken over, and what it has left of
 * the lock of SQLite is removed.
 *
 * @returns Gives the claim back.
 * @throws {@link SynapseError} (`INDEX_IN_USE`) while another process, or this one, uses the index.
 * @throws {@link FileSystemError} when no file can be created beside it.
 */
export async function claimIndex(path: string): Promise<() => Promise<void>> {
  const file = `${path}.owner`;
  const owner: Owner = { host: hostname(), pid: process.pid, nonce: randomUUID() };
  try {
    await withFileLock(file, async () => {
      const other = await readOwner(file);
      if (other !== undefined && !hasEnded(other)) throw inUse(path, file, other);
      await writeFile(file, JSON.stringify(owner), { mode: 0o600 });
      await removeSqliteLock(path);
    });
  } catch (cause) {
    throw fileSystemError('Cannot create', file, cause);
  }
  ownUses.add(owner.nonce);
  return async () => {
    ownUses.delete(owner.nonce);
    await rm(file, { force: true });
  };
}

/** SQLite locks the database with a folder, which a killed process leaves behind. */
async function removeSqliteLock(path: string): Promise<void> {
  await rmdir(`${path}.lock`).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    const { host, pid, nonce } = JSON.parse(await readFile(file, 'utf8')) as Partial<Owner>;
    const isWhole = typeof host === 'string' && typeof nonce === 'string' && Number.isInteger(pid);
    return isWhole && pid !== undefined ? { host, pid, nonce } : undefined;
  } catch (error) {
    // A process that is killed while it writes leaves a part of the text.
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function hasEnded({ host, pid, nonce }: Owner): boolean {
  if (host !== hostname()) return false;
  // An earlier process in a container may have had the same id.
  if (pid === process.pid) return !ownUses.has(nonce);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return systemCode(error) === 'ESRCH';
  }
}

function inUse(path: string, file: string, { host, pid }: Owner): SynapseError {
  return new SynapseError(
    `The index ${path} is in use by process ${pid} on ${host}. Wait until it ends. ` +
      `If there is no such process any more, remove ${file} and run it again.`,
    { code: 'INDEX_IN_USE' },
  );
}
