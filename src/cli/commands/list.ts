import { Args, Flags } from '@oclif/core';
import { UserNames } from '../../users/userNames.js';
import { listTree, type ListedEntity } from '../../entities/listTree.js';
import type { Synapse } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { contentSizes } from '../contentSizes.js';
import { EntityListing } from '../entityListing.js';
import { myProjects } from '../myProjects.js';
import { isReaderGone } from '../standardStreams.js';
import { terminalColumns } from '../terminalColumns.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';
import { idsFlag } from '../flags.js';

/** The number of lines that a long listing prints at once. */
const batchSize = 100;

export default class List extends BaseCommand {
  static override summary = 'List your projects, or the content of a project or folder.';

  static override description =
    'Prints one line per entity: id and name. Projects and folders end in /, and the content of a folder is indented. Without an id, ' +
    'lists the projects that belong to you or were shared with you or your teams. Times are in UTC.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --long',
    '<%= config.bin %> <%= command.id %> "syn://Mouse study/raw" --ids',
  ];

  static override args = {
    id: ofKind(
      'container',
      Args.string({
        description: 'Synapse id or path of a project or folder. Default: your projects.',
      }),
    ),
  };

  static override flags = {
    recursive: Flags.boolean({
      char: 'r',
      description: 'List all levels of folders.',
    }),
    long: Flags.boolean({
      char: 'l',
      description:
        'Print version, creator and creation time. On a terminal, a table with types, sizes and modification times.',
    }),
    modified: Flags.boolean({
      char: 'm',
      description:
        'Print the last modifier and the modification time. In a table, also the creation time.',
    }),
    ids: { ...idsFlag.ids, exclusive: ['json', 'fields', 'jq', 'ndjson', 'long', 'modified'] },
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(List);
    const { long, modified, recursive } = flags;
    const { id } = args;
    const syn = await this.connect(flags, { anonymous: id !== undefined });
    // Scripts read the lines of the Python client.
    const isTable = long && process.stdout.isTTY;
    const hasSizes = isTable || (long && this.jsonEnabled());
    const names = new UserNames(syn);
    const listing = new EntityListing({
      long,
      isTable,
      modified,
      // It also has the names that are looked up later.
      userNames: await names.of([]),
      available: terminalColumns(),
    });
    const options = { signal: this.signal };
    const printed: object[] = [];
    let count = 0;
    const print = async (batch: readonly ListedEntity[]): Promise<void> => {
      const headers = batch.map(({ header }) => header);
      const users = headers.flatMap((header) => [header.createdBy, header.modifiedBy]);
      if (long || modified) await names.of(users, options);
      const sizes = await contentSizes(syn, hasSizes ? headers : [], options);
      const rows = batch.map((one) => ({ ...one, contentSize: sizes.get(one.header.id) }));
      if (!this.jsonEnabled()) for (const line of listing.lines(rows)) this.log(line);
      else {
        for (const { header, depth, contentSize } of rows) {
          await this.keep(printed, { ...header, depth, contentSize });
        }
      }
    };
    const listed =
      id === undefined
        ? listProjects(syn, recursive, options)
        : listTree(syn, id, { ...options, maxDepth: recursive ? Infinity : 1 });
    for await (const batch of inBatches(listed, long ? batchSize : 1)) {
      count += batch.length;
      if (flags.ids) for (const { header } of batch) this.log(header.id);
      else await print(batch);
      if (isReaderGone()) break;
    }
    if (count === 0) await this.#sayEmpty(syn, id, flags.ids);
    return printed;
  }

  async #sayEmpty(syn: Synapse, id: string | undefined, isIds: boolean): Promise<void> {
    if (id === undefined) {
      this.note('You have no projects. Create one: synapse create Project --name NAME');
      return;
    }
    const { isContainer } = await import('../../index.js');
    const { checkAnswer } = await import('../../api/checkAnswer.js');
    const header = checkAnswer(
      'entity.getEntityHeader',
      await syn.services.entity.getEntityHeader({ id }, { signal: this.signal }),
    );
    if (!isContainer(header)) {
      throw usageError(
        `${id} (${header.name}) is not a project or folder: see \`synapse show ${id}\`.`,
      );
    }
    const line = `No results visible to ${this.userName} found for id ${id}`;
    if (isIds) this.note(line);
    else this.log(line);
  }
}

async function* listProjects(
  syn: Synapse,
  recursive: boolean,
  options: { signal: AbortSignal },
): AsyncGenerator<ListedEntity> {
  for await (const header of myProjects(syn, options)) {
    yield { header, depth: 0, isContainer: true };
    if (!recursive) continue;
    for await (const one of listTree(syn, header.id, options)) {
      yield { ...one, depth: one.depth + 1 };
    }
  }
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
