import { Flags } from '@oclif/core';
import type * as M from '../../../generated/models.js';
import { resolveUsed } from '../../entities/resolveUsed.js';
import { BaseCommand } from '../baseCommand.js';
import { entityIds, limitSearchFlag, onlyOne, provenanceFlags, required } from '../flags.js';
import { pythonJson } from '../pythonJson.js';
import { writeResult } from '../writeResult.js';
import { ofKind } from '../valueKind.js';

export default class SetProvenance extends BaseCommand {
  static override summary = 'Record what an entity was made from, and by which program.';

  static override description =
    'Creates an activity and records that it generated the current version of the entity, in place of the one before. A local file stands ' +
    'for the version of the entity in Synapse that has its content.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456 --name "Quality control" --used syn123.2 --executed https://github.com/example/qc',
    '<%= config.bin %> <%= command.id %> syn456 --used counts.csv reads.csv --executed qc.R --limit-search syn123',
  ];

  static override args = { id: entityIds.arg };

  static override flags = {
    id: entityIds.flag,
    name: Flags.string({ description: 'Name of the activity.', helpValue: '<name>' }),
    description: Flags.string({
      description: 'Description of the activity.',
      helpValue: '<text>',
    }),
    ...provenanceFlags,
    ...limitSearchFlag,
    output: ofKind(
      'file',
      Flags.string({
        char: 'o',
        description: 'Write the activity as JSON to this file; without a file, to standard output.',
        helpValue: '[file]',
      }),
    ),
  };

  async run(): Promise<M.Activity> {
    const { args, flags } = await this.parse(SetProvenance);
    const { currentOf } = await import('../../values/ids.js');
    const { ID } = required({ ID: onlyOne(args.id, flags.id) });
    const id = currentOf(ID, 'provenance is set on the current version');
    const { name, description, output } = flags;
    const syn = await this.connect(flags);
    const lookUp = { signal: this.signal, limitSearch: flags['limit-search'] };
    const used = await resolveUsed(syn, flags.used ?? [], lookUp);
    const executed = await resolveUsed(syn, flags.executed ?? [], lookUp);
    const given = { name, description, used, executed };
    const activity = await syn.setProvenance(id, given, { signal: this.signal });
    if (output === undefined) {
      this.log(`Set provenance record ${activity.id ?? ''} on entity ${id}`);
    } else if (output === 'STDOUT') this.logJsonText(pythonJson(activity));
    else await writeResult(output, `${pythonJson(activity)}\n`);
    return activity;
  }
}
