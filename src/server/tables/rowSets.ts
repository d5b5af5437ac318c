import type * as M from '../../../generated/models.js';
import { badRequest } from '../kernel/serviceError.js';
import { maxRequestBytes, maxRowBytesOf } from './columnLimits.js';
import type { StoredColumn } from './columnModels.js';
import type { RowChange } from './rowWriter.js';

const bytesPerCharacter = 4;

/**
 * The rows of a row set. Headers that are not columns of the table are ignored. Columns for which a
 * row has no cell are not changed, and a row without any cell is deleted.
 *
 * @throws 400 for a header without an id, or when the rows may be more than 2 MiB
 */
export function rowSetChanges(set: M.RowSet, schema: readonly StoredColumn[]): RowChange[] {
  const rows = set.rows ?? [];
  if (rows.length * maxRowBytesOf(schema) > maxRequestBytes) {
    throw tooLarge();
  }
  if (set.headers === undefined) {
    throw badRequest('SelectColumns is required.');
  }
  const positions = set.headers.map(({ id }) => {
    if (id === undefined) {
      throw badRequest('SelectColumn.id is required.');
    }
    return schema.findIndex((column) => column.id === id);
  });
  const known = positions.flatMap((position, index) => (position < 0 ? [] : [{ position, index }]));
  return rows.map(({ rowId, versionNumber, values = [] }) => {
    const given = known.filter(({ index }) => index < values.length);
    return {
      rowId,
      versionNumber,
      columns: given.map(({ position }) => position),
      values: given.length === 0 ? undefined : given.map(({ index }) => values[index] ?? null),
    };
  });
}

/**
 * The rows of a partial row set. Rows without values are skipped.
 *
 * @throws 400 for a key that is not a column of the table, or when the cells are more than 2 MiB
 */
export function partialRowSetChanges(
  set: M.PartialRowSet,
  schema: readonly StoredColumn[],
): RowChange[] {
  const rows = set.rows ?? [];
  const characters = rows
    .flatMap(({ values }) => values ?? [])
    .reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0);
  if (characters * bytesPerCharacter > maxRequestBytes) {
    throw tooLarge();
  }
  return rows.flatMap(({ rowId, values }) => {
    if (values?.length === 0) {
      return [];
    }
    const columns = (values ?? []).map(({ key }) => {
      const position = schema.findIndex(({ id }) => id === key);
      if (position < 0) {
        throw badRequest(
          `PartialRow.value.key: '${key}' is not a valid column ID for row ID: ${rowId ?? 'null'}`,
        );
      }
      return position;
    });
    return [{ rowId, columns, values: values?.map(({ value }) => value ?? null) }];
  });
}

function tooLarge(): Error {
  return badRequest(
    `Request exceeds the maximum number of bytes per request.  Maximum : ${maxRequestBytes} bytes`,
  );
}
