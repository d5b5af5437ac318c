import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { containerTypes, readContainerType, type ContainerType } from '../containerType.js';
import { descriptionFlags, parentFlag, readDescription, idsFlag } from '../flags.js';
import { printableName } from '../printable.js';
import { storeDescription } from '../../wiki/storeDescription.js';
import { usageError } from '../usageError.js';

export default class Create extends BaseCommand {
  static override summary = 'Create a project or folder.';

  static override description =
    'Prints the id. An existing project or folder of that name is reused, and its description updated.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> Project --name "Mouse study"',
    '<%= config.bin %> <%= command.id %> Folder --name raw --parent-id syn123',
  ];

  static override args = {
    type: Object.assign(
      Args.custom<ContainerType>({
        description: 'Project or Folder, in any case.',
        parse: (typed) => Promise.resolve(readContainerType(typed)),
      })({ required: true }),
      { values: containerTypes },
    ),
  };

  static override flags = {
    name: Flags.string({
      required: true,
      description: 'Name of the project or folder.',
      helpValue: '<name>',
    }),
    ...parentFlag,
    ...descriptionFlags,
    ...idsFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Create);
    const parentId = flags['parent-id'];
    if (args.type === 'Folder' && parentId === undefined) {
      throw usageError('A folder needs --parent-id, the id of its parent project or folder.');
    }
    const description = await readDescription(flags);
    const properties = { name: flags.name, parentId };
    const syn = await this.connect(flags);
    const { ConflictError, Folder, Project } = await import('../../index.js');
    const options = { signal: this.signal };
    const entity = args.type === 'Project' ? new Project(properties) : new Folder(properties);
    const stored = await syn
      .store(entity, { ...options, createOrUpdate: false })
      .catch(async (error: unknown) => {
        if (!(error instanceof ConflictError)) throw error;
        const existing = await syn.store(entity, options);
        this.note(`A ${args.type.toLowerCase()} of that name already exists: it is used.`);
        return existing;
      });
    if (description) await storeDescription(syn, stored.id, description, options);
    this.logId(flags, stored.id, `Created entity: ${stored.id}\t${printableName(stored.name)}`);
    return { id: stored.id, name: stored.name };
  }
}
