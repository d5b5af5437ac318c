import type * as M from '../../../generated/models.js';
import type { HandleRecord } from '../files/handleRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import { csvFormat } from '../tables/csv/csvFormat.js';
import { CsvWriter } from '../tables/csv/csvWriter.js';
import type { World } from '../world.js';
import { availableFiles, type ListedFile } from './listedFiles.js';

type Column = (file: ListedFile, world: World) => string;

/** The columns before those of the annotations. */
const columns: Readonly<Record<string, Column>> = {
  ID: ({ record }) => record.id,
  name: ({ record }) => record.name,
  versionNumber: ({ item, version }) => String(item.versionNumber ?? version.number),
  contentType: ({ handle }) => handle?.contentType ?? '',
  dataFileSizeBytes: ({ size }) => String(size),
  createdBy: ({ record }) => String(record.createdBy),
  createdOn: ({ record }) => record.createdOn,
  modifiedBy: ({ version }) => String(version.modifiedBy),
  modifiedOn: ({ version }) => version.modifiedOn,
  parentId: ({ record }) => record.parentId,
  synapseURL: ({ record, version }, world) =>
    `${world.urls.base()}/repo/v1/entity/${record.id}/version/${version.number}`,
};

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
  requireLogin(caller);
  const files = availableFiles(world, caller);
  if (files.length === 0) {
    throw badRequest('No files available for download.');
  }
  return manifestOf(world, files, descriptor);
}

/** Writes a manifest of files. */
export function manifestOf(
  world: World,
  files: readonly ListedFile[],
  descriptor: M.CsvTableDescriptor | undefined,
): string {
  const keys = [...new Set(files.flatMap(({ version }) => Object.keys(version.annotations)))]
    .filter((key) => !Object.hasOwn(columns, key))
    .sort();
  const rows = files.map((file) => [
    ...Object.values(columns).map((column) => column(file, world)),
    ...keys.map((key) => annotationText(file.version.annotations[key]?.value ?? [])),
  ]);
  const format = csvFormat(descriptor);
  const writer = new CsvWriter(format);
  const header = [...Object.keys(columns), ...keys];
  return [...(format.isFirstLineHeader ? [header] : []), ...rows]
    .map((row) => writer.row(row.map((cell) => (cell === '' ? null : cell))))
    .join('');
}

/** Stores a manifest as a file of the caller. */
export function storeManifest(world: World, caller: Caller, csv: string): Promise<HandleRecord> {
  return world.files.store(Buffer.from(csv), {
    createdBy: caller.userId,
    fileName: 'manifest.csv',
    contentType: 'text/csv',
  });
}

/** Writes one value as it is and several values as a JSON list. */
function annotationText(values: readonly string[]): string {
  return values.length <= 1 ? (values[0] ?? '') : JSON.stringify(values);
}
