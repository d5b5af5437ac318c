import { basename, join } from 'node:path';
import type * as M from '../../../generated/models.js';
import type { StoredColumn } from '../../columns/columnModel.js';
import type { Context } from '../../context.js';
import { SynapseError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { changedRowCount } from './changedRowCount.js';
import { runTransaction, type TransactionOptions } from './transaction.js';
import { csvHeader, csvRow, type RowChange } from './transactionCsv.js';
import { TextFile } from './textFile.js';
import { uploadRows } from './uploadRows.js';

/** Rows of a row set. A row is at most 64,000 bytes wide, and a request 2 MiB. */
const mostInlineRows = 32;
/** Of all row sets of a transaction. */
const mostInlineCharacters = 200_000;
/**
 * Synapse writes the rows of a change in pieces of about 5 MiB, and detects rows that were changed by others in the first piece
 * only. A file with updates is therefore a single piece. These are its estimates of sizes.
 */
const mostPieceBytes = 4 * 1024 * 1024;
const rowBytes = 64;
const cellBytes = 144;
const bytesPerCharacter = 4;
/** Files of more than 1 GB are refused. */
const mostFileCharacters = 200_000_000;
const uploadsAtOnce = 4;

/** The rows of one change and the columns that they set. */
interface RowGroup {
  columns: readonly StoredColumn[];
  rows: RowChange[];
  characters: number;
  bytes: number;
  file: TextFile | undefined;
  /** Characters in the file. */
  written: number;
  count: number;
}

/** A change of a transaction that is ready to be sent, and the number of its rows. */
interface ReadyChange {
  request: (ctx: Context, options: CommonOptions) => Promise<M.TableUpdateRequest>;
  count: number;
}

/**
 * Collects changes of the rows of a table, to be sent in one transaction. Few rows are part of the request; more are files. Memory
 * stays constant.
 */
export class TableChanges {
  readonly #folder: string;
  readonly #groups = new Map<string, RowGroup>();
  readonly #ready: ReadyChange[] = [];
  readonly #tableId: string;
  #files = 0;
  #inlineCharacters = 0;

  /** @param folder - For files. They are needed until the transaction has been sent. */
  constructor(tableId: string, folder: string) {
    this.#tableId = tableId;
    this.#folder = folder;
  }

  /** Adds a row. Rows with the same columns become one change. */
  async add(columns: readonly StoredColumn[], row: RowChange): Promise<void> {
    const isInsert = row.reference === undefined;
    const key = `${isInsert}:${columns.map(({ id }) => id).join()}`;
    const group = this.#groups.get(key) ?? emptyGroup(columns);
    this.#groups.set(key, group);
    group.rows.push(row);
    group.count += 1;
    group.bytes += rowBytes;
    for (const cell of row.cells) {
      group.characters += cell?.length ?? 0;
      group.bytes += cellBytes + bytesPerCharacter * (cell?.length ?? 0);
    }
    const isUpdate = !isInsert && columns.length > 0;
    if (group.bytes < mostPieceBytes) return;
    await this.#spill(group);
    if (isUpdate || group.written > mostFileCharacters) await this.#finish(key, group);
  }

  /** Puts what is added from now on into changes that are applied after those so far. */
  async seal(): Promise<void> {
    for (const [key, group] of this.#groups) await this.#finish(key, group);
  }

  /**
   * Sends the changes.
   *
   * @throws {@link SynapseError} when Synapse counts other rows than were sent.
   */
  async send(ctx: Context, options: TransactionOptions): Promise<M.TableUpdateResponse[]> {
    await this.seal();
    if (this.#ready.length === 0) return [];
    const requests = await this.#requests(ctx, options);
    const results = await runTransaction(ctx, this.#tableId, requests, options);
    results.forEach((result, index) => this.#checkCount(result, this.#ready[index]?.count ?? 0));
    return results;
  }

  async #requests(
    ctx: Context,
    { signal, onProgress }: CommonOptions,
  ): Promise<M.TableUpdateRequest[]> {
    const requests: M.TableUpdateRequest[] = [];
    for (let start = 0; start < this.#ready.length; start += uploadsAtOnce) {
      const some = this.#ready.slice(start, start + uploadsAtOnce);
      requests.push(
        ...(await Promise.all(some.map(({ request }) => request(ctx, { signal, onProgress })))),
      );
    }
    return requests;
  }

  #checkCount(result: M.TableUpdateResponse, sent: number): void {
    const counted = changedRowCount(result);
    if (counted === sent) return;
    throw new SynapseError(
      `Synapse reports ${counted ?? 'no'} changed rows of ${this.#tableId}, but ${sent} were sent. Query the table to see what was changed.`,
      { code: 'ROW_COUNT' },
    );
  }

  /** Writes the rows of a group to its file. */
  async #spill(group: RowGroup): Promise<void> {
    if (group.file === undefined) {
      this.#files += 1;
      group.file = new TextFile(join(this.#folder, `rows-${this.#files}.csv`));
      await group.file.write(csvHeader(group.columns));
    }
    for (const row of group.rows) await group.file.write(csvRow(row));
    group.written += group.characters;
    group.rows = [];
    group.characters = 0;
    group.bytes = 0;
  }

  /** Makes a change of a group. */
  async #finish(key: string, group: RowGroup): Promise<void> {
    this.#groups.delete(key);
    const { columns, rows, count } = group;
    const isInline =
      group.file === undefined &&
      rows.length <= mostInlineRows &&
      this.#inlineCharacters + group.characters <= mostInlineCharacters;
    if (isInline) {
      this.#inlineCharacters += group.characters;
      const request = rowSetRequest(this.#tableId, columns, rows);
      this.#ready.push({ count, request: () => Promise.resolve(request) });
      return;
    }
    await this.#spill(group);
    await group.file?.flush();
    const path = group.file?.path ?? '';
    const upload = { tableId: this.#tableId, content: { path }, fileName: basename(path) };
    const request: ReadyChange['request'] = (ctx, options) => uploadRows(ctx, upload, options);
    this.#ready.push({ count, request });
  }
}

function emptyGroup(columns: readonly StoredColumn[]): RowGroup {
  return { columns, rows: [], characters: 0, bytes: 0, file: undefined, written: 0, count: 0 };
}

function rowSetRequest(
  tableId: string,
  columns: readonly StoredColumn[],
  rows: readonly RowChange[],
): M.AppendableRowSetRequest {
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest',
    toAppend: {
      concreteType: 'org.sagebionetworks.repo.model.table.RowSet',
      tableId,
      headers: columns.map(({ id, name, columnType }) => ({ id, name, columnType })),
      rows: rows.map(({ reference, cells }) => ({
        rowId: reference?.rowId,
        versionNumber: reference?.versionNumber,
        values: [...cells],
      })),
    },
  };
}
