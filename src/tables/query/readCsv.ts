import type { RowReference } from '../rows/rowReference.js';
import { rowColumns } from '../rows/rowReference.js';
import { cellTexts } from '../csv/csvCells.js';
import { csvBatches, type CsvResult } from './csvResult.js';
import type { RawBatch } from './rawBatch.js';

/** Reads the rows of a result from its CSV text. */
export async function* readCsv(result: CsvResult): AsyncGenerator<RawBatch> {
  const { references, dialect } = result;
  const leading = references.length;
  const idAt = references.indexOf(rowColumns.rowId);
  const versionAt = references.indexOf(rowColumns.versionNumber);
  const etagAt = references.indexOf(rowColumns.etag);
  for await (const batch of csvBatches(result)) {
    const { rowCount, firstRow, width } = batch;
    const text = cellTexts(batch, dialect);
    const number = (row: number, at: number): number | undefined => {
      const found = at < 0 ? null : text(row * width + at);
      return found === null ? undefined : Number(found);
    };
    yield {
      rowCount,
      firstRow,
      cell: (row, column) => text(row * width + leading + column),
      reference: (row): RowReference | undefined =>
        leading === 0
          ? undefined
          : {
              rowId: number(row, idAt),
              versionNumber: number(row, versionAt),
              etag: etagAt < 0 ? undefined : (text(row * width + etagAt) ?? undefined),
            },
    };
  }
}
