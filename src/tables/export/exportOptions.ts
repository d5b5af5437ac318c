import type { QueryJobOptions } from '../query/queryOptions.js';

/** How a result is read column by column. */
export interface ToArrowOptions extends QueryJobOptions {
  /** Whether ROW_ID, ROW_VERSION and ROW_ETAG are columns of the result, where rows have them. @default false */
  references?: boolean;
}

/** How a result is written to a file of columns. */
export interface ToParquetOptions extends ToArrowOptions {
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean;
}
