import { Flags } from '@oclif/core';
import type { Synapse } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { listingLine, type ListedEntity } from '../entityListing.js';
import { entityArg } from '../flags.js';

export default class List extends BaseCommand {
  static override summary = 'List what a project or folder holds, and what its folders hold.';

  static override description =
    'A line each: id and name, with a / behind projects and folders; names of what is in a folder are indented.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --long',
  ];

  static override args = { id: entityArg };

  static override flags = {
    recursive: Flags.boolean({
      char: 'r',
      description: 'List folders in folders, too, all the way down.',
    }),
    long: Flags.boolean({ char: 'l', description: 'Print version, creator and creation time.' }),
    modified: Flags.boolean({ char: 'm', description: 'Print who modified it last, and when.' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(List);
    const syn = await this.connect(flags, { anonymous: true });
    const { long, modified } = flags;
    const maxDepth = flags.recursive ? Infinity : 1;
    const listed: ListedEntity[] = [];
    const userNames = new Map<string, string>();
    for await (const entity of this.#descend(syn, args.id, 0, maxDepth)) {
      listed.push(entity);
      if (long || modified) await this.#learnNames(syn, entity, userNames);
      this.log(listingLine(entity, { long, modified, userNames }));
    }
    if (listed.length === 0) {
      const { userName } = await syn.getUserProfile(undefined, { signal: this.signal });
      this.log(`No results visible to ${userName ?? 'anonymous'} found for id ${args.id}`);
    }
    return listed.map(({ header, depth }) => ({ ...header, depth }));
  }

  async *#descend(
    syn: Synapse,
    parentId: string,
    depth: number,
    maxDepth: number,
  ): AsyncGenerator<ListedEntity> {
    const { isContainer } = await import('../../index.js');
    for await (const header of syn.getChildren(parentId, { signal: this.signal })) {
      const inside = isContainer(header);
      yield { header, depth, isContainer: inside };
      if (inside && depth < maxDepth) {
        yield* this.#descend(syn, header.id, depth + 1, maxDepth);
      }
    }
  }

  /** One request for each name that is new: a listing has few authors. */
  async #learnNames(
    syn: Synapse,
    { header }: ListedEntity,
    userNames: Map<string, string>,
  ): Promise<void> {
    const ids = [header.createdBy, header.modifiedBy].filter(
      (id) => id !== undefined && !userNames.has(id),
    );
    if (ids.length === 0) return;
    const { children = [] } = await syn.services.userProfile.listUserGroupHeadersByIds(
      { ids: [...new Set(ids)].join(',') },
      { signal: this.signal },
    );
    for (const { ownerId = '', userName = '' } of children) userNames.set(ownerId, userName);
    for (const id of ids) if (id !== undefined && !userNames.has(id)) userNames.set(id, id);
  }
}
