import { Flags } from '@oclif/core';
import type * as M from '../../../generated/models.js';
import { BaseCommand } from '../baseCommand.js';
import { givenIds, manyEntityIds, versionFlag } from '../flags.js';
import { jsonById } from '../jsonById.js';
import { pythonJson } from '../pythonJson.js';
import { writeResult } from '../writeResult.js';
import { ofKind } from '../valueKind.js';

export default class GetProvenance extends BaseCommand {
  static override summary = 'Print the activities that generated entities as JSON.';

  static override description =
    'The exit status is 4 when no activity is recorded. `<%= config.bin %> provenance graph` follows the provenance back. ' +
    'Of several entities, an object is printed with their ids as keys.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 2 --output activity.json',
  ];

  static override args = { id: manyEntityIds.arg };

  static override flags = {
    id: manyEntityIds.flag,
    ...versionFlag,
    output: ofKind(
      'file',
      Flags.string({
        char: 'o',
        description: 'Write to this file instead of standard output.',
        helpValue: '[file]',
      }),
    ),
  };

  async run(): Promise<M.Activity | M.Activity[]> {
    const { args, flags } = await this.parse(GetProvenance);
    const { versionOf } = await import('../../values/ids.js');
    const ids = givenIds(args.id, flags.id);
    const isOne = this.isOne(ids);
    const syn = await this.connect(flags, { anonymous: true });
    const { output = 'STDOUT' } = flags;
    const pretty = output === 'STDOUT' && isOne;
    const texts = new Map<string, string>();
    try {
      return await this.forEachId(ids, 'read', async (each) => {
        const { id, version } = versionOf(each, flags.version);
        const activity = await syn.getProvenance(id, { version, signal: this.signal });
        if (activity === undefined) throw await noActivity(id, version);
        texts.set(each, pythonJson(activity, { pretty }));
        return activity;
      });
    } finally {
      if (texts.size > 0 || !isOne) await this.#write(jsonById(texts, isOne), output);
    }
  }

  async #write(json: string, output: string): Promise<void> {
    if (output === 'STDOUT') this.logJsonText(json);
    else await writeResult(output, `${json}\n`);
  }
}

async function noActivity(id: string, version: number | undefined): Promise<Error> {
  const { NotFoundError } = await import('../../index.js');
  const what = version === undefined ? id : `${id}.${version}`;
  const reason = `No activity is recorded for ${what}. Record one with: synapse set-provenance ${id}`;
  const url = `/repo/v1/entity/${id}/generatedBy`;
  return new NotFoundError(reason, { status: 404, reason, method: 'GET', url });
}
