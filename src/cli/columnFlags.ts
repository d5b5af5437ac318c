import { Flags } from '@oclif/core';
import type { ColumnDefinitions } from '../index.js';
import { columnSpecHelp, readColumnsFile, readColumnSpecs } from './readColumnSpecs.js';
import { ofKind } from './valueKind.js';

/** Flags with which columns are given. {@link readColumnFlags} reads them. */
export const columnFlags = {
  columns: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: `Columns, separated by commas: ${columnSpecHelp}.`,
    helpValue: '<columns>',
    exclusive: ['columns-file'],
  }),
  'columns-file': ofKind(
    'file',
    Flags.string({
      aliases: ['columnsFile'],
      description:
        'JSON file with the columns: a list of { "name", "type" }, or what `table describe --json` prints.',
      helpValue: '<file>',
    }),
  ),
};

/** The columns of {@link columnFlags}; `undefined` when none are given. */
export async function readColumnFlags(flags: {
  columns?: string[] | undefined;
  'columns-file'?: string | undefined;
}): Promise<ColumnDefinitions | undefined> {
  const file = flags['columns-file'];
  if (file !== undefined) return readColumnsFile('columns-file', file);
  return flags.columns === undefined ? undefined : readColumnSpecs('columns', flags.columns);
}

/** The container of what a command creates. */
export const newParentFlag = {
  'parent-id': ofKind(
    'container',
    Flags.string({
      aliases: ['parentId', 'parentid', 'parent'],
      required: true,
      description: 'Synapse id or path of the parent project or folder.',
      helpValue: '<id>',
    }),
  ),
};
