import { mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileSystemError, systemCode } from '../../errors.js';
import { formatBytes } from '../../values/formatBytes.js';
import { note, ok, problem, type Check, type Finding } from './check.js';
import { inspectCache, type CacheContent } from './inspectCache.js';

const elsewhere = 'Choose another folder with --cache-dir or SYNAPSE_CACHE_DIR, or use --no-cache.';

/** Milliseconds to look at the files. */
const inspection = 4000;

export const cache: Check = {
  name: 'cache',
  title: 'Cache',
  run: async ({ settings }) => {
    const root = settings.cacheDir ?? join(homedir(), '.synapseCache');
    const folder = await nearestFolder(root);
    if (folder === undefined) {
      return [problem(`${root} is not a folder, or is below a file.`, elsewhere)];
    }
    const findings = [...(await writeFindings(folder, root)), ...(await spaceFindings(folder))];
    const content = folder === root ? await inspectCache(root, inspection) : undefined;
    return [...contentFindings(root, content), ...findings];
  },
};

/** The folder itself, or the one that it would be made in. */
async function nearestFolder(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? path : undefined;
  } catch (error) {
    const parent = dirname(path);
    return systemCode(error) === 'ENOENT' && parent !== path ? nearestFolder(parent) : undefined;
  }
}

async function writeFindings(folder: string, root: string): Promise<Finding[]> {
  try {
    await rm(await mkdtemp(join(folder, '.synapse-doctor-')), { recursive: true });
    return [];
  } catch (error) {
    const { message } = fileSystemError('Cannot write to', folder, error);
    return [problem(folder === root ? message : `${message} ${root} cannot be made.`, elsewhere)];
  }
}

async function spaceFindings(folder: string): Promise<Finding[]> {
  // Some file systems do not tell.
  const space = await statfs(folder).catch(() => undefined);
  return space === undefined ? [] : [spaceFinding(space.bavail * space.bsize, folder)];
}

const little = 1024 ** 3;
const none = 100 * 1024 ** 2;

/** @param free - Bytes. */
export function spaceFinding(free: number, folder: string): Finding {
  const message = `${formatBytes(free)} are free on the disk of ${folder}.`;
  const details = { freeBytes: free };
  const advice = 'Make room: `synapse cache prune` removes old copies.';
  if (free < none) return problem(message, advice, details);
  return free < little ? note(message, advice, details) : ok(message, details);
}

/** @param content - `undefined` when there is no cache yet. */
export function contentFindings(root: string, content: CacheContent | undefined): Finding[] {
  if (content === undefined)
    return [ok(`${root} does not exist yet. It is made when it is needed.`, { path: root })];
  const { files, bytes, damaged, isComplete } = content;
  const size = `${isComplete ? '' : 'more than '}${formatBytes(bytes)} in ${files} file${files === 1 ? '' : 's'}`;
  const findings = [ok(`${root}: ${size}`, { path: root, files, bytes, isComplete })];
  const [first] = damaged;
  if (first !== undefined) {
    const others = damaged.length === 1 ? '' : ` and ${damaged.length - 1} more`;
    findings.push(
      note(
        `Damaged: ${first}${others}.`,
        'Nothing has to be done: files that only they record are downloaded again.',
        { damaged: damaged.length },
      ),
    );
  }
  return findings;
}
