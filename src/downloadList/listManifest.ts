import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { temporaryFolder } from '../files/temporaryFolder.js';
import type { CommonOptions } from '../options.js';
import { cellTexts } from '../tables/csv/csvCells.js';
import { csvDialect } from '../tables/csv/csvDialect.js';
import { scanCsv } from '../tables/csv/csvScanner.js';
import { fetchManifest } from './fetchManifest.js';
import type { ListedFile } from './listedFiles.js';
import { keyOf } from './listItem.js';

/** A row of a manifest, as the service wrote it. */
export type ManifestCells = readonly (string | null)[];

/** The manifest that the service writes for a download list. */
export interface ListManifest {
  columns: readonly string[];
  rows: ManifestCells[];
}

/** Reads the manifest of the caller's list. */
export async function readListManifest(
  ctx: Context,
  { signal }: CommonOptions,
): Promise<ListManifest> {
  const folder = await temporaryFolder('synapse-download-list-', 'Cannot keep the manifest in');
  try {
    const path = await fetchManifest(ctx, {
      destination: join(folder.path, 'manifest.csv'),
      signal,
    });
    return await readRows(path);
  } finally {
    await folder.remove();
  }
}

async function readRows(path: string): Promise<ListManifest> {
  const dialect = csvDialect();
  const name = 'the manifest of the download list';
  const rows: ManifestCells[] = [];
  const scanned = scanCsv(createReadStream(path), { dialect, name, emptyLines: 'skip' });
  for await (const batch of scanned) {
    const text = cellTexts(batch, dialect);
    for (let row = 0; row < batch.rowCount; row += 1) {
      const from = row * batch.width;
      rows.push(Array.from({ length: batch.width }, (_, column) => text(from + column)));
    }
  }
  const [header = [], ...data] = rows;
  return { columns: header.map((column) => column ?? ''), rows: data };
}

/** The sizes in bytes that the rows of each file have, by its id. */
export function sizesOf({ columns, rows }: ListManifest): Map<string, Set<number>> {
  const idColumn = columns.indexOf('ID');
  const sizeColumn = columns.indexOf('dataFileSizeBytes');
  const sizes = new Map<string, Set<number>>();
  for (const cells of rows) {
    const id = cells[idColumn] ?? '';
    sizes.set(id, (sizes.get(id) ?? new Set()).add(Number(cells[sizeColumn] ?? 0)));
  }
  return sizes;
}

/** The columns that a file of the list has when the service wrote no row for it. */
const known: Readonly<Record<string, (file: ListedFile) => string | number | undefined>> = {
  ID: ({ fileEntityId }) => fileEntityId,
  name: ({ fileName }) => fileName,
  versionNumber: ({ versionNumber }) => versionNumber,
  dataFileSizeBytes: ({ fileSizeBytes }) => fileSizeBytes,
  createdBy: ({ createdBy }) => createdBy,
  createdOn: ({ createdOn }) => createdOn,
};

/** A row of the manifest with the file of the list that it is of. */
export interface MatchedRow {
  cells: ManifestCells;
  /** Absent when the file was put on the list after the list was read, or was not listed for another reason. */
  file?: ListedFile;
}

/** Finds the file of each row, in the order of the manifest. Files without a row get one, at the end. */
export function matchRows(
  { columns, rows }: ListManifest,
  files: readonly ListedFile[],
): MatchedRow[] {
  const idColumn = columns.indexOf('ID');
  const versionColumn = columns.indexOf('versionNumber');
  const matched: MatchedRow[] = rows.map((cells) => ({ cells }));
  const byKey = new Map<string, MatchedRow[]>();
  for (const row of matched) {
    const id = row.cells[idColumn] ?? '';
    for (const key of [id, `${id}.${row.cells[versionColumn] ?? ''}`]) {
      byKey.set(key, [...(byKey.get(key) ?? []), row]);
    }
  }
  // Files with a version first: the others take what is left of the rows of their id.
  const isVersioned = (file: ListedFile): number => Number(file.versionNumber !== undefined);
  for (const file of [...files].sort((a, b) => isVersioned(b) - isVersioned(a))) {
    const row = byKey.get(keyOf(file))?.find((each) => each.file === undefined);
    if (row !== undefined) row.file = file;
    else matched.push({ file, cells: columns.map((column) => textOf(known[column]?.(file))) });
  }
  return matched;
}

function textOf(value: string | number | undefined): string | null {
  return value === undefined ? null : String(value);
}
