import type * as M from '../../../generated/models.js';
import type { AnnotationMap } from '../entities/annotationValues.js';
import { entityHooks } from '../entities/entityHooks.js';
import type { HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { csvFormat } from '../tables/csv/csvFormat.js';
import { CsvWriter } from '../tables/csv/csvWriter.js';
import type { World } from '../world.js';
import { requireOwner } from './downloadListItems.js';
import { availableFiles, type ListedFile } from './listedFiles.js';

type Column = (file: ListedFile) => string | undefined;

/** The columns before those of the annotations. */
const columns: Readonly<Record<string, Column>> = {
  ID: ({ record }) => record.id,
  name: ({ record }) => record.name,
  versionNumber: ({ version }) => String(version.number),
  contentType: ({ handle }) => handle?.contentType,
  dataFileSizeBytes: ({ size }) => String(size),
  createdBy: ({ record }) => String(record.createdBy),
  createdOn: ({ record }) => epoch(record.createdOn),
  modifiedBy: ({ version }) => String(version.modifiedBy),
  modifiedOn: ({ version }) => epoch(version.modifiedOn),
  parentId: ({ record }) => record.parentId,
  synapseURL: ({ record, version }) =>
    `https://www.synapse.org/#!Synapse:${record.id}.${version.number}`,
  dataFileMD5Hex: ({ handle }) => handle?.contentMd5,
};

/** Milliseconds since 1970, as the service writes times into a manifest. */
function epoch(time: string): string {
  return String(Date.parse(time));
}

/**
 * A CSV file with one row for each file that the caller may download, with its annotations.
 *
 * @throws 400 when there are no files, 403 for anonymous callers
 */
export function manifestCsv(
  world: World,
  caller: Caller,
  descriptor: M.CsvTableDescriptor | undefined,
): string {
  requireOwner(caller);
  const files = byName(availableFiles(world, caller));
  if (files.length === 0) {
    throw badRequest('No files available for download.');
  }
  return manifestOf(world, files, descriptor);
}

function byName(files: readonly ListedFile[]): ListedFile[] {
  const named = files.map((file) => ({ file, key: file.record.name.toLowerCase() }));
  return named.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ file }) => file);
}

/** Writes a manifest of files, in their order. */
export function manifestOf(
  world: World,
  files: readonly ListedFile[],
  descriptor: M.CsvTableDescriptor | undefined,
): string {
  const listed = files.map((file) => ({ file, annotations: annotationsOf(world, file) }));
  const keys = [...new Set(listed.flatMap(({ annotations }) => Object.keys(annotations)))]
    .filter((key) => !Object.hasOwn(columns, key))
    .sort();
  const header = [...Object.keys(columns), ...keys];
  const rows = listed.map(({ file, annotations }) =>
    header.map((key) => columns[key]?.(file) ?? annotationText(annotations[key]?.value ?? [])),
  );
  const format = csvFormat(descriptor);
  const writer = new CsvWriter(format);
  return [...(format.isFirstLineHeader ? [header] : []), ...rows]
    .map((row) => writer.row(row))
    .join('');
}

/** The annotations of a file; the derived ones are those of its current version. */
function annotationsOf(world: World, { item, record, version }: ListedFile): AnnotationMap {
  const shape =
    item.versionNumber === undefined
      ? entityHooks(world).annotationShape({ record, version })
      : undefined;
  return { ...shape?.derived, ...version.annotations };
}

/** The name of a manifest: its ending tells the separator. */
export function manifestName(descriptor: M.CsvTableDescriptor | undefined): string {
  return descriptor?.separator === '\t' ? 'manifest.tsv' : 'manifest.csv';
}

/** Stores a manifest as a file of the caller. */
export function storeManifest(
  world: World,
  caller: Caller,
  csv: string,
  descriptor: M.CsvTableDescriptor | undefined,
): Promise<HandleRecord> {
  const fileName = manifestName(descriptor);
  return world.files.store(Buffer.from(csv), {
    createdBy: caller.userId,
    fileName,
    contentType: `text/${fileName.slice(-'csv'.length)}`,
  });
}

/** One value as it is, several values in brackets; `null` for none. */
function annotationText(values: readonly string[]): string | null {
  return values.length <= 1 ? (values[0] ?? null) : `[${values.join(', ')}]`;
}
