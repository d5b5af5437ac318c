import { Args, Flags } from '@oclif/core';
import type { SearchConditions, SearchHit } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { firstItems } from '../firstItems.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';
import { idsFlag } from '../flags.js';

export default class Search extends BaseCommand {
  static override summary = 'Find entities by words in their names and descriptions.';

  static override description =
    'All words must occur. -WORD excludes a word, after --, and WORD* stands for all words that begin so. Prints the best matches ' +
    'first: id, type and name. What is new is found after some time: `list` and `query` of a view find it at once.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> rna counts',
    '<%= config.bin %> <%= command.id %> rna --type file --created-by alice',
    '<%= config.bin %> <%= command.id %> --where tissue=liver --where organ=liver --limit 10',
  ];

  static override args = {
    words: Args.string({ description: 'Words to find.', multiple: true }),
  };

  static override flags = {
    type: Flags.string({
      description: 'Only entities of this type, such as file, folder, project or table.',
      helpValue: '<type>',
    }),
    'created-by': ofKind(
      'user',
      Flags.string({ description: 'Only what this user created.', helpValue: '<user>' }),
    ),
    where: Flags.string({
      description:
        'Only entities with this value of a field: consortium, diagnosis, organ, tissue.',
      helpValue: '<field=value>',
      multiple: true,
    }),
    limit: Flags.integer({
      description: 'Largest number of results.',
      helpValue: '<number>',
      min: 1,
      default: 30,
    }),
    ...idsFlag,
  };

  async run(): Promise<SearchHit[]> {
    const { argv, flags } = await this.parse(Search);
    const where = conditionsOf(flags);
    const text = argv.join(' ');
    if (text.trim() === '' && Object.keys(where).length === 0) throw usageError('Missing WORDS');
    const syn = await this.connect(flags, { anonymous: true });
    const { signal } = this;
    const { found, hits } = await syn.search(text, { where, signal });
    const listed = await this.list(
      firstItems(hits, flags.limit),
      {
        ID: ({ id }) => id,
        TYPE: ({ type }) => type,
        NAME: ({ name }) => name,
      },
      flags,
    );
    const shown = listed.length < found ? `; these are the best ${listed.length}: see --limit` : '';
    this.notice(`Found ${found}${shown}.`, { kind: 'search', found, shown: listed.length });
    return listed;
  }
}

/** The library checks the names of the fields. */
function conditionsOf(flags: {
  type?: string | undefined;
  'created-by'?: string | undefined;
  where?: string[] | undefined;
}): SearchConditions {
  const wanted = new Map<string, string[]>();
  for (const condition of flags.where ?? []) {
    const [, field = '', value = ''] = /^([^=]+)=([^]*)$/.exec(condition) ?? [];
    if (field === '') {
      throw usageError('--where: write a field and its value, such as tissue=liver.');
    }
    wanted.set(field, [...(wanted.get(field) ?? []), value]);
  }
  return {
    ...Object.fromEntries(wanted),
    ...(flags.type !== undefined && { type: flags.type }),
    ...(flags['created-by'] !== undefined && { createdBy: flags['created-by'] }),
  };
}
