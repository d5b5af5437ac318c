import { Flags } from '@oclif/core';
import type * as M from '../../../generated/models.js';
import { BaseCommand } from '../baseCommand.js';
import { entityIds, onlyOne, required, versionFlag } from '../flags.js';
import { pythonJson } from '../pythonJson.js';
import { writeResult } from '../writeResult.js';

export default class GetProvenance extends BaseCommand {
  static override summary = 'Print the activity that generated an entity as JSON.';

  static override description =
    'The exit status is 4 when no activity is recorded. `<%= config.bin %> provenance graph` follows the provenance back.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 2 --output activity.json',
  ];

  static override args = { id: entityIds.arg };

  static override flags = {
    id: entityIds.flag,
    ...versionFlag,
    output: Flags.string({
      char: 'o',
      description: 'Write to this file instead of standard output.',
      helpValue: '[file]',
    }),
  };

  async run(): Promise<M.Activity> {
    const { args, flags } = await this.parse(GetProvenance);
    const { versionOf } = await import('../../values/ids.js');
    const { ID } = required({ ID: onlyOne(args.id, flags.id) });
    const { id, version } = versionOf(ID, flags.version);
    const syn = await this.connect(flags, { anonymous: true });
    const activity = await syn.getProvenance(id, { version, signal: this.signal });
    if (activity === undefined) throw await noActivity(id, version);
    const { output = 'STDOUT' } = flags;
    if (output === 'STDOUT') this.logJsonText(pythonJson(activity, { pretty: true }));
    else await writeResult(output, `${pythonJson(activity)}\n`);
    return activity;
  }
}

async function noActivity(id: string, version: number | undefined): Promise<Error> {
  const { NotFoundError } = await import('../../index.js');
  const what = version === undefined ? id : `${id}.${version}`;
  const reason = `No activity is recorded for ${what}. Record one with: synapse set-provenance ${id}`;
  const url = `/repo/v1/entity/${id}/generatedBy`;
  return new NotFoundError(reason, { status: 404, reason, method: 'GET', url });
}
