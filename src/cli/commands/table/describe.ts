import type { Stored, Synapse, TableEntity } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { columnListing } from '../../columnListing.js';
import { entityArg, versionFlag } from '../../flags.js';
import { formatBytes } from '../../../values/formatBytes.js';
import { printable, printableName } from '../../printable.js';
import { usageError } from '../../usageError.js';
import { shortName } from '../../../values/shortName.js';

export default class TableDescribe extends BaseCommand {
  static override summary = 'Show the columns of a table or view, and count its rows.';

  static override description =
    'Prints a line for each column: name, type, size, facet and default.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn789',
    '<%= config.bin %> <%= command.id %> syn789.4 --json',
  ];

  static override args = { id: entityArg };

  static override flags = versionFlag;

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TableDescribe);
    const syn = await this.connect(flags, { anonymous: true });
    const { isTableEntity } = await import('../../../index.js');
    const options = { version: flags.version, downloadFile: false, signal: this.signal };
    const entity = await syn.get(args.id, options);
    if (!isTableEntity(entity)) {
      throw usageError(`${entity.id} (${printableName(entity.name)}) is not a table or view.`);
    }
    this.log(headingOf(entity));
    const { rows, bytes } = await this.#measure(syn, entity, isVersion(args.id, flags.version));
    this.log(`Rows:    ${rows}`);
    if (bytes > 0) this.log(`Files:   ${formatBytes(bytes)}`);
    this.log(`Columns: ${entity.columns.length}\n\n${await columnListing(entity.columns)}`);
    const { id, name, concreteType, description, columns, isSearchEnabled = false } = entity;
    const size = bytes > 0 ? { fileBytes: bytes } : {};
    return { id, name, concreteType, description, isSearchEnabled, rows, ...size, columns };
  }

  async #measure(
    syn: Synapse,
    { id, versionNumber, columns }: TableEntity & Stored,
    isSnapshot: boolean,
  ): Promise<{ rows: number; bytes: number }> {
    // A query of a table without columns is an error.
    if (columns.length === 0) return { rows: 0, bytes: 0 };
    const sql = `SELECT * FROM ${isSnapshot ? `${id}.${versionNumber ?? 1}` : id}`;
    const { count, sumFileSizes } = await syn.tables
      .query(sql, { signal: this.signal })
      .parts({ count: true, sumFileSizes: true });
    return { rows: count, bytes: sumFileSizes.sumFileSizesBytes };
  }
}

function isVersion(id: string, version: number | undefined): boolean {
  return version !== undefined || id.includes('.');
}

function headingOf(entity: TableEntity & Stored): string {
  const { concreteType, name, id, description, isSearchEnabled } = entity;
  const type = shortName(concreteType).replace(/Entity$/, '');
  return [
    `${type}: ${printableName(name)} (${id})`,
    ...(description ? [`About:   ${printable(description)}`] : []),
    ...('definingSQL' in entity ? [`SQL:     ${printable(entity.definingSQL ?? '')}`] : []),
    ...('scopeIds' in entity
      ? [`Scope:   ${(entity.scopeIds ?? []).map(printable).join(', ')}`]
      : []),
    ...('types' in entity ? [`Types:   ${entity.types.join(', ')}`] : []),
    ...('items' in entity ? [`Items:   ${entity.items.length}`] : []),
    ...(isSearchEnabled === true ? ['Search:  enabled'] : []),
  ].join('\n');
}
