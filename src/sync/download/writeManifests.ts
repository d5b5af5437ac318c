import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SynapseError, systemCode, type Failure } from '../../errors.js';
import { runPool } from '../../transfer/pool.js';
import type { ManifestEntry, ManifestForm } from '../manifest/manifestRow.js';
import { writeManifest } from '../manifest/writeManifest.js';
import type { ManifestMode } from '../plan/planData.js';
import { parseShard, shardName } from '../shard.js';
import { isBelow } from './lastManifest.js';

/** The manifests that the Python client writes. The first has what the next download needs. */
const names: Readonly<Record<ManifestForm, string>> = {
  csv: 'manifest.csv',
  tsv: 'SYNAPSE_METADATA_MANIFEST.tsv',
};

/** What {@link writeManifests} wrote. */
export interface WrittenManifests {
  paths: string[];
  failures: Failure[];
}

/** What manifests are about. */
export interface ManifestsOptions {
  directory: string;
  mode: ManifestMode;
  shard?: string | undefined;
  /** The local paths of all files of the download, also of those that failed. */
  taken: ReadonlySet<string>;
  signal?: AbortSignal | undefined;
}

/** Manifests that are written at the same time. */
const writtenAtOnce = 8;

/** The paths of the manifest of a directory. A part of a shard has only the form that parts are joined in. */
export function manifestPaths(
  directory: string,
  shard?: string,
): { form: ManifestForm; path: string }[] {
  const part = shard === undefined ? undefined : parseShard(shard);
  const forms: readonly ManifestForm[] = part === undefined ? ['csv', 'tsv'] : ['csv'];
  return forms.map((form) => ({ form, path: join(directory, shardName(names[form], part)) }));
}

/**
 * Writes the manifests of a download. Each has the files of its directory, and of those below it.
 *
 * A file of the download, or of the user, that has the name of a manifest is kept: the manifest is then not written, and that is a
 * failure.
 */
export async function writeManifests(
  rows: readonly ManifestEntry[],
  options: ManifestsOptions,
): Promise<WrittenManifests> {
  const { directory, mode, shard, taken, signal } = options;
  const written: WrittenManifests = { paths: [], failures: [] };
  if (mode === 'suppress') return written;
  const byDirectory =
    mode === 'all' ? rowsByDirectory(rows, directory) : new Map([[directory, rows]]);
  const work = [...byDirectory].flatMap(([each, own]) =>
    manifestPaths(each, shard).map(({ form, path }) => ({ form, path, own })),
  );
  await runPool(work, { limit: writtenAtOnce, signal }, async ({ form, path, own }) => {
    try {
      await requireManifest(path, taken);
      const { problems } = await writeManifest(path, form, own, { signal });
      written.paths.push(path);
      // The other form has the same problems.
      if (form !== 'csv' || dirname(path) !== directory) return;
      for (const { column = '', row = 0, message } of problems) {
        const error = new SynapseError(`row ${row}, column ${column}: ${message}`, {
          code: 'MANIFEST',
        });
        written.failures.push({ path, error });
      }
    } catch (error) {
      signal?.throwIfAborted();
      written.failures.push({ path, error: error as Error });
    }
  });
  written.paths.sort();
  return written;
}

/** The rows of each directory that has files, in it or below it. */
function rowsByDirectory(
  rows: readonly ManifestEntry[],
  top: string,
): Map<string, readonly ManifestEntry[]> {
  const groups = new Map<string, ManifestEntry[]>([[top, []]]);
  for (const row of rows) {
    for (
      let directory = dirname(row.path);
      isBelow(directory, top);
      directory = dirname(directory)
    ) {
      const group = groups.get(directory);
      if (group === undefined) groups.set(directory, [row]);
      else group.push(row);
    }
    groups.get(top)?.push(row);
  }
  return groups;
}

/** @throws SynapseError when another file is in the place of a manifest */
async function requireManifest(path: string, taken: ReadonlySet<string>): Promise<void> {
  const other = taken.has(path) ? 'a file of the download has its name' : await otherAt(path);
  if (other === undefined) return;
  throw new SynapseError(
    `The manifest was not written: ${other}. Write none (manifest: suppress, --manifest suppress), or download to another directory.`,
    { code: 'MANIFEST' },
  );
}

async function otherAt(path: string): Promise<string | undefined> {
  return (await isManifest(path)) ? undefined : `${path} is there, and is no manifest`;
}

const headerBytes = 64 * 1024;

const manifestName = /^manifest(\.\d+-of-\d+)?\.csv$|^SYNAPSE_METADATA_MANIFEST\.tsv$/;

/** Whether a file of a directory is one that downloads write. */
export function hasManifestName(name: string): boolean {
  return manifestName.test(name);
}

/** Whether a file is a manifest. @returns true when nothing is there */
export async function isManifest(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return true;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    const [header = ''] = buffer.toString('utf8', 0, bytesRead).split('\n', 1);
    const columns = header
      .replace(/^\ufeff/, '')
      .trim()
      .split(/[,\t]/);
    return columns.includes('path') && (columns.includes('parentId') || columns.includes('parent'));
  } finally {
    await file.close();
  }
}
