import { shortName } from '../values/shortName.js';
import type { ListedEntity } from '../entities/listTree.js';
import { formatBytes } from '../values/formatBytes.js';
import { alignedLines } from './alignedLines.js';
import { printable, printableName } from './printable.js';
import { firstColumns, padStartColumns } from './textWidth.js';

/** An entity in a listing. */
export interface ListedRow extends ListedEntity {
  /** The size of a file in bytes, if Synapse knows it. */
  contentSize?: number | undefined;
}

/** What to show besides the id and the name. */
export interface ListingOptions {
  /** The version, the creator and the time, in the format of the Python client. */
  long: boolean;
  /** A table with a header instead, also with types, sizes and modification times. Only with `long`. */
  isTable?: boolean;
  /** The modifier and the modification time. In a table, also the creation time. */
  modified: boolean;
  /** Names of users by id. */
  userNames: ReadonlyMap<string, string>;
  /** The columns of the terminal. @default lines of any length */
  available?: number | undefined;
}

interface Column {
  title: string;
  isNumber?: boolean;
  cell: (row: ListedRow, userNames: ReadonlyMap<string, string>) => string;
}

const columns = {
  id: { title: 'ID', cell: ({ header }) => header.id },
  version: {
    title: 'VERSION',
    isNumber: true,
    cell: ({ header }) => String(header.versionNumber ?? ''),
  },
  type: { title: 'TYPE', cell: ({ header }) => typeName(header.type) },
  size: { title: 'SIZE', isNumber: true, cell: sizeText },
  createdBy: {
    title: 'CREATED BY',
    cell: ({ header }, names) => userText(header.createdBy, names),
  },
  createdOn: { title: 'CREATED', cell: ({ header }) => timeText(header.createdOn) },
  modifiedBy: {
    title: 'MODIFIED BY',
    cell: ({ header }, names) => userText(header.modifiedBy, names),
  },
  modifiedOn: { title: 'MODIFIED', cell: ({ header }) => timeText(header.modifiedOn) },
  name: { title: 'NAME', cell: nameText },
} satisfies Record<string, Column>;

/**
 * Formats a listing: one line per entity like the Python client, or an aligned table with a header.
 * Rows come in batches, so that a long listing appears while it is read. A column that a later batch needs to be wider stays
 * wider.
 */
export class EntityListing {
  readonly #options: ListingOptions;
  readonly #columns: readonly Column[];
  readonly #widths: number[] = [];

  constructor(options: ListingOptions) {
    this.#options = options;
    const { id, version, type, size, createdBy, createdOn, modifiedBy, modifiedOn, name } = columns;
    // Seven columns fit on a terminal of 80 characters; all nine do not.
    this.#columns = options.modified
      ? [id, version, type, size, createdBy, createdOn, modifiedBy, modifiedOn, name]
      : [id, version, type, size, createdBy, modifiedOn, name];
  }

  /** The lines of the next rows. */
  lines(rows: readonly ListedRow[]): string[] {
    if (this.#options.isTable !== true) return rows.map((row) => this.#pythonLine(row));
    const cells = rows.map((row) =>
      this.#columns.map(({ cell }) => cell(row, this.#options.userNames)),
    );
    const titles = this.#columns.map(({ title }) => title);
    const table = this.#widths.length === 0 ? [titles, ...cells] : cells;
    return alignedLines(table, {
      widths: this.#widths,
      available: this.#options.available,
      numbers: this.#columns.flatMap(({ isNumber }, index) => (isNumber === true ? index : [])),
    });
  }

  #pythonLine(row: ListedRow): string {
    const { id, versionNumber, createdBy, createdOn, modifiedBy, modifiedOn } = row.header;
    const { long, modified, userNames } = this.#options;
    const user = (userId: string | undefined): string =>
      padStartColumns(userText(userId, userNames), longestUser);
    const version = String(versionNumber ?? '').padStart(3);
    const created = long ? ` ${version}  ${user(createdBy)} ${timeText(createdOn)}` : '';
    const changed = modified ? `  ${user(modifiedBy)} ${timeText(modifiedOn)}` : '';
    return `${id}${created}${changed}  ${nameText(row)}`;
  }
}

function nameText({ header, depth, isContainer }: ListedRow): string {
  return `${'  '.repeat(depth)}${printableName(header.name)}${isContainer ? '/' : ''}`;
}

/** The columns of a user name, as in the Python client. */
const longestUser = 18;

function userText(userId: string | undefined, names: ReadonlyMap<string, string>): string {
  return firstColumns(printable(names.get(userId ?? '') ?? userId ?? ''), longestUser);
}

/** UTC. */
function timeText(time: string | undefined): string {
  return printable(time ?? '')
    .slice(0, 16)
    .replace('T', ' ');
}

function sizeText({ header, contentSize }: ListedRow): string {
  if (contentSize !== undefined) return formatBytes(contentSize);
  return typeName(header.type) === 'file' ? '?' : '';
}

/** The short name of a concrete type: `FileEntity` is `file`, `EntityView` is `entityview`. */
function typeName(concreteType: string): string {
  return printable(shortName(concreteType))
    .slice(0, 24)
    .replace(/Entity$/, '')
    .toLowerCase();
}
