import { Args, Flags } from '@oclif/core';
import { stsFormats, type StsFormat } from '../../storages/s3/stsFormats.js';
import { BaseCommand } from '../baseCommand.js';
import { entityArg } from '../flags.js';
import { printJson } from '../printJson.js';

export default class GetStsToken extends BaseCommand {
  static override summary = 'Print temporary AWS credentials for the bucket of a folder.';

  static override description =
    'The storage location of the folder must support STS. The output is secret: it gives access to the files in the bucket for ' +
    'some hours.\n\n' +
    'With --output credential_process, it can be a credential_process of ~/.aws/config, for credentials that renew themselves.';

  static override examples = [
    'eval "$(<%= config.bin %> <%= command.id %> syn123 read_only)" && aws s3 ls "$SYNAPSE_STS_S3_LOCATION/"',
    '<%= config.bin %> <%= command.id %> syn123 read_write --output credential_process',
  ];

  static override args = {
    id: entityArg,
    permission: Args.string({
      description: 'Access that the credentials give.',
      required: true,
      options: ['read_only', 'read_write'],
    }),
  };

  static override flags = {
    output: Flags.custom<StsFormat>({
      char: 'o',
      options: [...stsFormats],
      default: 'shell',
      description: 'Format of the credentials; shell is the format of the current shell.',
    })(),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(GetStsToken);
    const syn = await this.connect(flags);
    const permission = args.permission === 'read_write' ? 'read_write' : 'read_only';
    const options = { permission, signal: this.signal } as const;
    // --json prints the credentials as data, whatever the format.
    const outputFormat = this.jsonEnabled() ? 'json' : flags.output;
    const token = await syn.storageLocations.getStsToken(args.id, { ...options, outputFormat });
    if (this.jsonEnabled()) return token;
    if (typeof token === 'string') this.log(token.trimEnd());
    else printJson(token);
    return token;
  }
}
