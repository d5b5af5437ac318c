import { readFile, stat } from 'node:fs/promises';
import { SynapseError } from '../errors.js';

/**
 * Checks that no other program is changing a database. The locks of other builds of SQLite, such as that of Python, are locks of
 * the system, which this build does not see. Linux lists them.
 *
 * @throws {@link SynapseError} (`INDEX_IN_USE`)
 */
export async function requireUnlocked(path: string): Promise<void> {
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  const inode = await stat(path).then(
    ({ ino }) => String(ino),
    () => undefined,
  );
  for (const line of locks.split('\n')) {
    // 1: POSIX  ADVISORY  WRITE 1234 08:01:56789 0 EOF
    const [, , , , pid, file = ''] = line.trim().split(/\s+/);
    if (inode === undefined || file.split(':')[2] !== inode) continue;
    throw new SynapseError(
      `The index ${path} is in use by process ${pid ?? ''}, another program. Wait until it ends, and run it again.`,
      { code: 'INDEX_IN_USE' },
    );
  }
}
