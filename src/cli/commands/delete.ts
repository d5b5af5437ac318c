import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { usageError } from '../usageError.js';
import { fromStdin, ofKind } from '../valueKind.js';

interface Deleted {
  id: string;
  version?: number | undefined;
}

export default class Delete extends BaseCommand {
  static override summary = 'Move entities to the trash can, or delete a version.';

  static override description =
    'Deleting a project or folder also deletes its content. It can be restored from the trash can at https://www.synapse.org for ' +
    '30 days. A version is deleted permanently. The exit status is 4 when there is nothing to delete: the entity does not exist or is ' +
    'already in the trash can. With several ids it is 5 when some could not be deleted.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 syn457 syn458',
    '<%= config.bin %> <%= command.id %> syn456 --version 3',
    '<%= config.bin %> list syn123 --ids | <%= config.bin %> <%= command.id %> -',
  ];

  static override args = {
    id: fromStdin(
      ofKind(
        'entity',
        Args.string({
          description:
            'Synapse ids (syn123, or syn123.4 for a version) or paths (syn://Project/file), or - to read them from standard input.',
          required: true,
          multiple: true,
        }),
      ),
    ),
  };

  static override flags = {
    version: Flags.integer({
      char: 'v',
      description: 'Delete only this version.',
      helpValue: '<number>',
      min: 1,
    }),
  };

  /** One object, or a list for several ids. */
  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Delete);
    const ids = args.id;
    if (ids.length > 1 && flags.version !== undefined) {
      throw usageError('--version takes one id. Write versions of several as syn123.4.');
    }
    const { versionOf } = await import('../../values/ids.js');
    // All ids are checked before the first entity is deleted.
    for (const id of ids) versionOf(id, flags.version);
    const syn = await this.connect(flags);
    return this.forEachId(ids, 'deleted', async (each) => {
      const { id, version } = versionOf(each, flags.version);
      await syn.delete(id, { version, signal: this.signal });
      return this.#report({ id, version });
    });
  }

  #report({ id, version }: Deleted): Deleted {
    this.log(
      version === undefined ? `Deleted entity: ${id}` : `Deleted entity ${id}, version ${version}`,
    );
    return { id, version };
  }
}
