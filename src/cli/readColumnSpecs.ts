import type { ColumnDefinitions, ColumnProperties, ColumnType } from '../index.js';
import { readSource } from './readSource.js';
import { usageError } from './usageError.js';

/** How a column is written on the command line. */
export const columnSpecHelp =
  'name:TYPE, name:STRING(100), name:STRING_LIST(50)[20], or with a facet name:INTEGER:range';

/** A column with its name. */
export type NamedProperties = ColumnProperties & { name: string };

const typeForm = /^([a-z_]+)(?:\((\d+)\))?(?:\[(\d+)\])?$/i;

/**
 * Reads columns such as `age:INTEGER,tags:STRING_LIST(50)[20],sex:STRING:enumeration`. What columns allow is checked by the
 * library.
 *
 * @throws a usage error for any other form.
 */
export function readColumnSpecs(flag: string, specs: readonly string[]): NamedProperties[] {
  return specs.flatMap((text) => text.split(',')).map((spec) => readSpec(flag, spec.trim()));
}

function readSpec(flag: string, spec: string): NamedProperties {
  const parts = spec.split(':').map((part) => part.trim());
  const last = parts.at(-1)?.toLowerCase();
  const facetType = last === 'range' || last === 'enumeration' ? last : undefined;
  const [type = '', ...rest] = (facetType === undefined ? parts : parts.slice(0, -1)).reverse();
  const name = rest.reverse().join(':');
  const [, typeName, size, length] = typeForm.exec(type) ?? [];
  if (name === '' || typeName === undefined) {
    throw usageError(
      `--${flag}: ${JSON.stringify(spec)} is not a column. Write ${columnSpecHelp}.`,
    );
  }
  return {
    name,
    // The library reports a type that does not exist.
    type: typeName.toUpperCase() as ColumnType,
    ...(size !== undefined && { maximumSize: Number(size) }),
    ...(length !== undefined && { maximumListLength: Number(length) }),
    ...(facetType !== undefined && { facetType }),
  };
}

/**
 * Reads the columns of a JSON file: a list of columns, an object with the type of each, or what `table describe --json` prints.
 *
 * @throws a usage error when the file cannot be read, or is not JSON.
 */
export async function readColumnsFile(flag: string, file: string): Promise<ColumnDefinitions> {
  const text = await readSource(`--${flag}`, file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError(`--${flag}: ${file} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null) {
    throw usageError(`--${flag}: ${file} has no columns: write a list of { "name", "type" }.`);
  }
  const columns = 'columns' in value && Array.isArray(value.columns) ? value.columns : value;
  return columns as ColumnDefinitions;
}
