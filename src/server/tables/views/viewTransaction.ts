import type * as M from '../../../../generated/models.js';
import type { EntityRecord } from '../../entities/entityRecords.js';
import type { JobContext } from '../../jobs/jobRunner.js';
import { badRequest } from '../../kernel/serviceError.js';
import type { Tables } from '../tables.js';
import type { TableWork } from '../tableTransaction.js';

export function runViewTransaction(
  _tables: Tables,
  record: EntityRecord,
  _work: TableWork,
  _context: JobContext,
): Promise<M.TableUpdateTransactionResponse> {
  throw badRequest(`${record.id} is not a table`);
}
