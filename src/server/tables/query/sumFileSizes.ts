import type * as M from '../../../../generated/models.js';
import { findEntityRecord, findVersionRecord } from '../../entities/entityRecords.js';
import { limits } from '../../limits.js';
import type { World } from '../../world.js';
import { selectsRows } from '../sql/selectFacts.js';
import { translateStatement } from '../sql/translateQuery.js';
import { atMost } from './combineQuery.js';
import type { PreparedQuery } from './prepareQuery.js';

/** Maximum number of files whose sizes are added. Beyond, the result is marked as a lower bound. */
const maxFiles = limits.summedFiles;

/** Total size of the files in the rows of a view; 0 for other tables. */
export function sumFileSizes(
  world: World,
  { db, environment, combined, table }: PreparedQuery,
): M.SumFileSizes {
  const { first } = combined.unlimited.query;
  const isView = table.record.type === 'entityview' || table.record.type === 'dataset';
  if (!isView || !selectsRows(first)) {
    return { sumFileSizesBytes: 0, greaterThan: false };
  }
  const limited = atMost(first, maxFiles + 1);
  const statement = { ...combined.unlimited, query: { first: limited, unions: [] } };
  const { sql, parameters } = translateStatement(statement, environment);
  const rows = db.all(sql, parameters);
  const sum = rows.slice(0, maxFiles).reduce((total, row) => {
    const id = `syn${String(row['row_id'])}`;
    const record = findEntityRecord(world, id);
    const version = Number(row['row_version']);
    const size =
      record === undefined ? undefined : findVersionRecord(world, id, version)?.contentSize;
    return total + (size ?? 0);
  }, 0);
  return { sumFileSizesBytes: sum, greaterThan: rows.length > maxFiles };
}
