import { Args, Flags } from '@oclif/core';
import type { LocationKind, StorageLocation, StorageLocationInput } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { readSource } from '../../readSource.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

const kinds: readonly LocationKind[] = [
  'synapseS3',
  'externalS3',
  'externalGoogleCloud',
  'externalSftp',
  'externalHttps',
  'externalObjectStore',
  'proxy',
];

const text = (description: string, helpValue: string) => Flags.string({ description, helpValue });

export default class StorageCreate extends BaseCommand {
  static override summary = 'Create a storage location.';

  static override description =
    'Prints its id and kind. A location never changes: the same settings give the same location. synapse storage set makes a project ' +
    'or folder use it.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> externalS3 --bucket lab-data --base-key mice',
    '<%= config.bin %> <%= command.id %> externalSftp --url sftp://files.example.org/data',
    '<%= config.bin %> <%= command.id %> proxy --proxy-url https://proxy.example.org --secret-key-file key.txt',
  ];

  static override args = {
    kind: Args.string({
      description: 'Kind of storage.',
      required: true,
      options: [...kinds],
    }),
  };

  static override flags = {
    bucket: text('Name of the bucket.', '<name>'),
    'base-key': text('Beginning of all keys in the bucket.', '<key>'),
    'sts-enabled': Flags.boolean({ description: 'Give temporary credentials for the bucket.' }),
    'endpoint-url': text('Address of an S3 service other than AWS.', '<url>'),
    url: text('Folder on an SFTP or web server.', '<url>'),
    'supports-subfolders': Flags.boolean({
      description: 'Make folders on the server like those in Synapse.',
    }),
    'proxy-url': text('Address of the proxy.', '<url>'),
    'secret-key-file': ofKind(
      'file',
      text(
        'File with the key that addresses of the proxy are signed with; - for standard input.',
        '<file>',
      ),
    ),
    'benefactor-id': ofKind(
      'container',
      text('Project or folder whose members may register files of the proxy.', '<id>'),
    ),
    banner: text('Text that is shown at each upload.', '<text>'),
    description: text('Text that is shown where users choose a location.', '<text>'),
    ...idsFlag,
  };

  async run(): Promise<StorageLocation> {
    const { args, flags } = await this.parse(StorageCreate);
    const keyFile = flags['secret-key-file'];
    const secretKey =
      keyFile === undefined
        ? undefined
        : (await readSource('--secret-key-file', keyFile)).replace(/\r?\n$/, '');
    const input = {
      kind: args.kind,
      bucket: flags.bucket,
      baseKey: flags['base-key'],
      stsEnabled: flags['sts-enabled'] || undefined,
      endpointUrl: flags['endpoint-url'],
      url: flags.url,
      supportsSubfolders: flags['supports-subfolders'] || undefined,
      proxyUrl: flags['proxy-url'],
      secretKey,
      benefactorId: flags['benefactor-id'],
      banner: flags.banner,
      description: flags.description,
      // What does not belong to the kind is refused before anything is sent.
    } as StorageLocationInput;
    const syn = await this.connect(flags);
    const location = await syn.storageLocations.create(input, { signal: this.signal });
    this.logId(
      flags,
      String(location.storageLocationId),
      `Created storage location: ${location.storageLocationId}\t${location.kind}`,
    );
    return location;
  }
}
