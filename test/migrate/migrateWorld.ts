import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import {
  File,
  Folder,
  Table,
  type MigrationSummary,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import type { LocalSynapse } from '../../src/server/index.js';
import type { Clients } from '../entities/withClients.js';

let buckets = 0;

/** Creates a storage location in S3 that the user owns. @returns its id */
export async function newLocation(syn: Synapse): Promise<number> {
  buckets += 1;
  const { storageLocationId } = await syn.services.projectSettings.createStorageLocation({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.project.ExternalS3StorageLocationSetting',
      bucket: `bucket-${process.pid}-${buckets}`,
      uploadType: 'S3',
    },
  });
  if (storageLocationId === undefined) throw new Error('The storage location has no id');
  return storageLocationId;
}

/** The path of a new index. */
export async function newIndex({ folder }: Pick<Clients, 'folder'>): Promise<string> {
  return join(await mkdtemp(join(folder, 'index-')), 'migration.db');
}

/** The number of files of each status. */
export function counts(some: Partial<MigrationSummary['counts']>): MigrationSummary['counts'] {
  return { INDEXED: 0, MIGRATED: 0, ALREADY_MIGRATED: 0, ERRORED: 0, ...some };
}

/** Stores a file, or a new version of it. */
export async function putFile(
  clients: Pick<Clients, 'file'>,
  syn: Synapse,
  { parent, name, content = `content of ${name}` }: NewFile,
): Promise<File & Stored> {
  const path = await clients.file('content.txt', content);
  return syn.store(new File({ path, name, parentId: parent.id }));
}

interface NewFile {
  parent: { id: string };
  name: string;
  content?: string;
}

/** The storage location of each version of a file, from the first. */
export async function locationsOf(syn: Synapse, id: string): Promise<(number | undefined)[]> {
  const { versionNumber = 0 } = await readFile(syn, id);
  const numbers = Array.from({ length: versionNumber }, (_, index) => index + 1);
  const versions = await Promise.all(numbers.map((version) => readFile(syn, id, version)));
  return versions.map(({ fileHandle }) =>
    fileHandle && 'storageLocationId' in fileHandle ? fileHandle.storageLocationId : undefined,
  );
}

async function readFile(syn: Synapse, id: string, version?: number): Promise<File> {
  const file = await syn.get(id, { version, downloadFile: false });
  if (file instanceof File) return file;
  throw new Error(`${id} is no file`);
}

/**
 * Files that were copied into the storage locations of {@link newLocation}, since a number of requests of at most a thousand. One
 * that is copied twice, because the answer was lost, is the same file.
 */
export function copiesMade({ requests }: LocalSynapse, since: number): number {
  const made = requests.entries
    .slice(since - requests.total)
    .filter(({ method, path }) => method === 'PUT' && path.startsWith('/storage/bucket-'));
  return new Set(made.map(({ path }) => path)).size;
}

/** A tree of files. */
export interface Tree {
  project: Project & Stored;
  folder: Folder & Stored;
  files: (File & Stored)[];
  table: Table & Stored;
}

export const fileColumn = 'Datei "日本"';

/** Stores files with one and two versions, two that share a file handle, and a table whose cells share one. */
export async function storeTree(clients: Clients, syn: Synapse): Promise<Tree> {
  const project = await clients.project(syn);
  const folder = await syn.store(new Folder({ name: 'a folder', parent: project }));
  const first = await putFile(clients, syn, { parent: project, name: 'first.txt' });
  const second = await putFile(clients, syn, { parent: folder, name: 'second.txt' });
  await putFile(clients, syn, { parent: folder, name: 'second.txt', content: 'version 2' });
  const { dataFileHandleId } = first;
  const shared = await syn.store(
    new File({ name: 'shared.txt', parent: folder, dataFileHandleId }),
  );
  const table = await syn.store(
    new Table({
      name: 'cells',
      parent: folder,
      columns: [
        { name: 'name', columnType: 'STRING' },
        { name: fileColumn, columnType: 'FILEHANDLEID' },
        { name: 'other', columnType: 'FILEHANDLEID' },
      ],
    }),
  );
  const one = await clients.file('one.txt', 'one');
  const two = await clients.file('two.txt', 'two');
  await syn.tables.append(table, [
    { name: 'ä', [fileColumn]: { path: one }, other: { path: two } },
    { name: 'b', [fileColumn]: { path: one }, other: null },
    { name: 'c', [fileColumn]: null, other: null },
  ]);
  return { project, folder, files: [first, second, shared], table };
}
