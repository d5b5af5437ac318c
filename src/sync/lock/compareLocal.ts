import { fileMd5 } from '../../files/fileMd5.js';
import { lookIfThere } from '../../files/look.js';
import { formatBytes } from '../../values/formatBytes.js';

/** A local file beside a file in Synapse. */
export interface LocalComparison {
  /** `unknown`: it cannot be told, see the reason. */
  state: 'same' | 'changed' | 'missing' | 'unknown';
  reason?: string;
  /** Bytes of the local file. */
  size?: number;
  /** MD5 of the local file, if it was needed. */
  md5?: string;
}

/**
 * Compares a local file with content in Synapse: by size, and only where sizes are equal by MD5.
 *
 * @param expected - What Synapse knows of the content.
 * @throws {@link FileSystemError} when the local file cannot be read.
 */
export async function compareLocal(
  path: string,
  expected: { size?: number | undefined; md5?: string | undefined },
  signal?: AbortSignal,
): Promise<LocalComparison> {
  const look = (await lookIfThere(path)) ?? (await lookIfThere(path, { link: true }));
  if (look === undefined) return { state: 'missing' };
  if (look.kind !== 'file') {
    const reason =
      look.kind === 'folder' ? 'a directory is in its place' : 'what is in its place is no file';
    return { state: 'unknown', reason };
  }
  const { size } = look;
  if (expected.size !== undefined && expected.size !== size) {
    const sizes = [size, expected.size];
    const isRoundedSame = formatBytes(size) === formatBytes(expected.size);
    const [here, there] = sizes.map((each) => (isRoundedSame ? `${each} B` : formatBytes(each)));
    return { state: 'changed', size, reason: `${here} here, ${there} in Synapse` };
  }
  if (expected.md5 === undefined) {
    return expected.size === undefined
      ? { state: 'unknown', size, reason: 'Synapse knows neither its size nor its MD5' }
      : { state: 'same', size, reason: 'Synapse has no MD5 of it: only the sizes were compared' };
  }
  const md5 = await fileMd5(path, signal);
  if (md5 === expected.md5) return { state: 'same', size, md5 };
  return { state: 'changed', size, md5, reason: `MD5 ${md5} here, ${expected.md5} in Synapse` };
}
