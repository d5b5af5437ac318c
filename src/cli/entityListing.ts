import type { ListedEntity } from '../entities/listTree.js';
import { printable, printableName } from './printable.js';

/** Columns to show. */
export interface ListingOptions {
  /** Version, creator and creation time. */
  long: boolean;
  /** Modifier and modification time. */
  modified: boolean;
  /** Names of users by id. */
  userNames: ReadonlyMap<string, string>;
}

/** Formats the line of one entity, with the columns of the Python client. */
export function listingLine(
  { header, depth, isContainer }: ListedEntity,
  options: ListingOptions,
): string {
  const columns = [header.id];
  if (options.long) {
    const version = String(header.versionNumber ?? '').padStart(3);
    columns.push(`${version}  ${stamp(header.createdBy, header.createdOn, options)}`);
  }
  if (options.modified) columns.push(` ${stamp(header.modifiedBy, header.modifiedOn, options)}`);
  const name = `${'  '.repeat(depth)}${printableName(header.name)}${isContainer ? '/' : ''}`;
  return `${columns.join(' ')}  ${name}`;
}

function stamp(
  userId: string | undefined,
  time: string | undefined,
  options: ListingOptions,
): string {
  const name = printable(options.userNames.get(userId ?? '') ?? userId ?? '');
  const user = name.slice(0, 18).padStart(18);
  return `${user} ${printable(time ?? '')
    .slice(0, 16)
    .replace('T', ' ')}`;
}
