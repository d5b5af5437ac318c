import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { ofKind } from '../../valueKind.js';

interface Exported {
  fixture: string;
  entities: number;
  leftOut: readonly string[];
}

export default class LocalExport extends BaseCommand {
  static override summary = 'Export a local Synapse as a fixture.';

  static override description =
    'Writes fixture.json and the content of files, for `local start --seed`. The local Synapse must not be running. Users get new ' +
    'passwords and tokens, and only the current version of each entity is exported.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> ./my-fixture --data ./synapse-data',
  ];

  static override args = {
    directory: ofKind(
      'directory',
      Args.string({ description: 'New or empty directory to write to.', required: true }),
    ),
  };

  static override flags = {
    data: ofKind(
      'directory',
      Flags.string({
        description: 'Data directory to read.',
        helpValue: '<directory>',
        required: true,
      }),
    ),
  };

  async run(): Promise<Exported> {
    const { args, flags } = await this.parse(LocalExport);
    const { readDataDirState, startLocalSynapse } = await import('../../../server/index.js');
    const { hasData } = await readDataDirState(flags.data);
    if (!hasData) throw new Error(`${flags.data} has no data of a local Synapse.`);
    const local = await startLocalSynapse({
      dataDir: flags.data,
      onWarning: (message) => this.note(message),
    });
    try {
      const exported = await local.exportTo(args.directory);
      for (const item of exported.leftOut) this.note(`Left out: ${item}`);
      this.log(`Exported ${exported.entities} entities: ${exported.fixture}`);
      return exported;
    } finally {
      await local.close();
    }
  }
}
