import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { EntityView } from '../../entities/tableClasses.js';
import { fetchBundle } from '../../entities/entityBundle.js';
import { entityOfBundle } from '../../entities/storedState.js';
import { ArgumentError } from '../../errors.js';
import { createQuery } from '../../tables/query/createQuery.js';
import { currentOf, type EntityRef } from '../../values/ids.js';
import type { RemoteFile } from './remoteFile.js';

/** A row of a view. */
export interface ViewRow {
  id: string;
  name: string;
  parentId: string;
  /** `file`, `folder`. */
  type: string;
  /** For a file whose content the view describes. */
  file?: RemoteFile;
}

/** A view that was read. */
export interface ReadView {
  id: string;
  name: string;
  scopeIds: readonly string[];
  hasFolders: boolean;
  rows: ViewRow[];
}

const needed = [
  ...['id', 'name', 'parentId', 'type', 'etag', 'currentVersion'],
  ...['dataFileHandleId', 'dataFileSizeBytes', 'dataFileMD5Hex'],
];

/** Columns of views that are no annotations. */
const ownColumns: ReadonlySet<string> = new Set([
  ...needed,
  ...['description', 'createdOn', 'createdBy', 'modifiedOn', 'modifiedBy', 'path', 'benefactorId'],
  ...['projectId', 'dataFileName', 'dataFileConcreteType', 'dataFileBucket', 'dataFileKey'],
  ...['datasetSizeInBytes', 'datasetMD5Hex', 'datasetItemCount'],
]);

/**
 * Reads a view with one query, which waits until the view is built.
 *
 * @throws {@link ArgumentError} when it is no view of files, or lacks a column.
 */
export async function readView(
  ctx: Context,
  view: EntityRef,
  signal: AbortSignal | undefined,
): Promise<ReadView> {
  const id = currentOf(view, 'only the current version of a view shows what there is');
  const entity = entityOfBundle(await fetchBundle(ctx, { id }, { signal }));
  if (!(entity instanceof EntityView)) {
    throw new ArgumentError(`${id} (${entity.name}) is no view of files.`);
  }
  const { name, columns, types, scopeIds = [] } = entity;
  if (!types.includes('file')) {
    throw new ArgumentError(
      `The view ${id} (${name}) shows no files: create one with files and folders.`,
    );
  }
  const names = new Set(columns.map((column) => column.name));
  const missing = needed.filter((column) => !names.has(column));
  if (missing.length > 0) {
    throw new ArgumentError(
      `The view ${id} (${name}) lacks the columns ${missing.join(', ')}, which a download needs: add them to it.`,
    );
  }
  const options = { via: 'csv', dates: 'epoch', integers: 'string', json: 'text', signal } as const;
  const rows: ViewRow[] = [];
  for await (const row of createQuery(ctx, [`select * from ${id}`, options])) {
    rows.push(rowOf(row, columns));
  }
  return { id, name, scopeIds, hasFolders: types.includes('folder'), rows };
}

type Cells = Readonly<Record<string, unknown>>;

function rowOf(row: Cells, columns: readonly M.ColumnModel[]): ViewRow {
  const [id, name, parentId, type] = ['id', 'name', 'parentId', 'type'].map((key) =>
    text(row, key),
  );
  const common = { id: id ?? '', name: name ?? '', parentId: parentId ?? '', type: type ?? '' };
  return type === 'file' ? { ...common, file: fileOf(row, common, columns) } : common;
}

/** @returns `undefined` when the view does not tell enough of the content: the file is then read by itself */
function fileOf(
  row: Cells,
  { id, name, parentId }: ViewRow,
  columns: readonly M.ColumnModel[],
): RemoteFile | undefined {
  const handleId = text(row, 'dataFileHandleId');
  const contentMd5 = text(row, 'dataFileMD5Hex');
  const contentSize = number(row, 'dataFileSizeBytes');
  const concreteType = text(row, 'dataFileConcreteType') ?? s3;
  const isStored = concreteType === s3 || concreteType === google;
  if (!isStored || handleId === undefined || contentMd5 === undefined) return undefined;
  const fileName = text(row, 'dataFileName') ?? name;
  return {
    ...{ id, name, parentId },
    versionNumber: number(row, 'currentVersion'),
    etag: text(row, 'etag'),
    createdOn: date(row, 'createdOn'),
    createdBy: text(row, 'createdBy'),
    modifiedOn: date(row, 'modifiedOn'),
    modifiedBy: text(row, 'modifiedBy'),
    annotations: annotationsOf(row, columns),
    handle: { concreteType, id: handleId, fileName, contentMd5, contentSize },
  };
}

const s3 = 'org.sagebionetworks.repo.model.file.S3FileHandle';
const google = 'org.sagebionetworks.repo.model.file.GoogleCloudFileHandle';

/** The types of annotations, by the type of their column; any other is a STRING. */
const annotationTypes: Readonly<Record<string, M.AnnotationsValueType>> = {
  INTEGER: 'LONG',
  DOUBLE: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  DATE: 'TIMESTAMP_MS',
};

function annotationsOf(
  row: Cells,
  columns: readonly M.ColumnModel[],
): Record<string, M.AnnotationsValue> {
  const found: [string, M.AnnotationsValue][] = [];
  for (const { name = '', columnType = '' } of columns) {
    const cell = row[name];
    if (ownColumns.has(name) || cell === null || cell === undefined) continue;
    const type = annotationTypes[columnType.replace(/_LIST$/, '')] ?? 'STRING';
    const values: readonly unknown[] = Array.isArray(cell) ? cell : [cell];
    if (values.length > 0) found.push([name, { type, value: values.map(String) }]);
  }
  return Object.fromEntries(found);
}

function text(row: Cells, column: string): string | undefined {
  const cell = row[column];
  return typeof cell === 'string' && cell !== '' ? cell : undefined;
}

function number(row: Cells, column: string): number | undefined {
  const cell = text(row, column);
  return cell === undefined ? undefined : Number(cell);
}

function date(row: Cells, column: string): string | undefined {
  const cell = row[column];
  return typeof cell === 'number' ? new Date(cell).toISOString() : undefined;
}
