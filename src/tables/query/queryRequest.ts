import type * as M from '../../../generated/models.js';

/** A query as it is sent, with the table that it reads from. */
export interface QueryRequest {
  /** The id of the table, without a version. */
  id: string;
  query: M.Query & { sql: string };
}
