import { Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { entityArg } from '../flags.js';

export default class Delete extends BaseCommand {
  static override summary = 'Move an entity to the trash can, or delete one version of it.';

  static override description =
    'Deleting a project or folder also deletes its content. It can be restored from the trash can at https://www.synapse.org for ' +
    '30 days. A version is deleted permanently.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 3',
  ];

  static override args = { id: entityArg };

  static override flags = {
    version: Flags.integer({
      char: 'v',
      description: 'Delete only this version.',
      helpValue: '<number>',
      min: 1,
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Delete);
    const { versionOf } = await import('../../values/ids.js');
    const { id, version } = versionOf(args.id, flags.version);
    const syn = await this.connect(flags);
    await syn.delete(id, { signal: this.signal, version });
    this.log(
      version === undefined ? `Deleted entity: ${id}` : `Deleted entity ${id}, version ${version}`,
    );
    return { id, version };
  }
}
