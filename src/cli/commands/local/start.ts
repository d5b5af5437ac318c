import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { printJson } from '../../printJson.js';
import { readJsonObject } from '../../readJsonArgument.js';
import { writeLocalConfig } from '../../writeLocalConfig.js';
import { ofKind } from '../../valueKind.js';

export default class LocalStart extends BaseCommand {
  static override summary = 'Run a Synapse on this machine until interrupted.';

  static override description =
    'Needs no account and no network. Keeps data in memory unless --data names a directory. Other clients can use it too: ' +
    '--write-config writes a configuration file for this client and the Python client.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --write-config local.synapseConfig',
    '<%= config.bin %> <%= command.id %> --port 8080 --data ./synapse-data --json',
    '<%= config.bin %> <%= command.id %> --data ./synapse-data --recover',
    '<%= config.bin %> <%= command.id %> --seed fixture.yaml',
    `<%= config.bin %> <%= command.id %> --conditions '{"latency": 200, "limits": true}'`,
  ];

  static override flags = {
    port: Flags.integer({
      description: 'Port to listen on.',
      helpValue: '<number>',
      defaultHelp: () => Promise.resolve('any free port'),
      min: 0,
      max: 65535,
    }),
    host: Flags.string({
      description: 'Address to listen on.',
      helpValue: '<address>',
      default: '127.0.0.1',
    }),
    data: ofKind(
      'directory',
      Flags.string({
        description: 'Directory to keep data between runs.',
        helpValue: '<directory>',
      }),
    ),
    recover: Flags.boolean({
      description:
        'Repair a damaged data directory: keep what is whole and a copy of the damaged files, and list what is lost.',
      dependsOn: ['data'],
    }),
    seed: ofKind(
      'file',
      Flags.string({
        helpValue: '<path>',
        description:
          'Initial content of a new server: a directory, which becomes a project, or a fixture (FILE.json, FILE.yaml).',
      }),
    ),
    conditions: Flags.string({
      description: 'Network conditions to simulate (latency, limits, faults), as JSON or @FILE.',
      helpValue: '<json>',
    }),
    'write-config': ofKind(
      'file',
      Flags.string({
        description: 'Write a .synapseConfig with the addresses and a token to this file.',
        helpValue: '<file>',
      }),
    ),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(LocalStart);
    const { parseConditions, startLocalSynapse } = await import('../../../server/index.js');
    const conditions = await readJsonObject('--conditions', flags.conditions);
    const local = await startLocalSynapse({
      port: flags.port ?? 0,
      host: flags.host,
      onWarning: (message) => this.note(message),
      dataDir: flags.data,
      recover: flags.recover,
      seed: flags.seed,
      conditions: conditions && parseConditions(conditions),
    });
    try {
      if (flags['write-config']) await writeLocalConfig(flags['write-config'], local);
      this.#announce(local);
      await interrupted(this.signal);
    } finally {
      await local.close();
    }
  }

  #announce(local: LocalAddresses): void {
    const { endpoint, repoEndpoint, authEndpoint, fileHandleEndpoint } = local;
    const { userId, userName, authToken, recovery } = local;
    const ready = {
      endpoint,
      repoEndpoint,
      authEndpoint,
      fileHandleEndpoint,
      userId,
      userName,
      authToken,
      recovery,
    };
    if (this.jsonEnabled()) printJson(ready, 0);
    else this.log(`Local Synapse ready at ${endpoint} (user ${userName}). Stop it with Ctrl-C.`);
  }
}

interface LocalAddresses {
  endpoint: string;
  repoEndpoint: string;
  authEndpoint: string;
  fileHandleEndpoint: string;
  userId: string;
  userName: string;
  authToken: string;
  recovery: unknown;
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
