import type * as M from '../../../generated/models.js';
import { givenIds } from '../flags.js';
import { jsonByIdArgs, jsonByIdFlags, JsonByIdCommand } from '../jsonByIdCommand.js';
import { pythonJson } from '../pythonJson.js';

export default class GetProvenance extends JsonByIdCommand {
  static override summary = 'Print the activities that generated entities as JSON.';

  static override description =
    'The exit status is 4 when no activity is recorded. `<%= config.bin %> provenance graph` follows the provenance back. ' +
    'Of several entities, an object is printed with their ids as keys.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 2 --output activity.json',
  ];

  static override args = jsonByIdArgs;

  static override flags = jsonByIdFlags;

  async run(): Promise<M.Activity | M.Activity[]> {
    const { args, flags } = await this.parse(GetProvenance);
    const { versionOf } = await import('../../values/ids.js');
    const ids = givenIds(args.id, flags.id);
    const syn = await this.connect(flags, { anonymous: true });
    const { output = 'STDOUT' } = flags;
    const pretty = output === 'STDOUT' && this.isOne(ids);
    return this.writeEach(ids, output, async (each) => {
      const { id, version } = versionOf(each, flags.version);
      const result = await syn.getProvenance(id, { version, signal: this.signal });
      if (result === undefined) throw await noActivity(id, version);
      return { result, json: pythonJson(result, { pretty }) };
    });
  }
}

async function noActivity(id: string, version: number | undefined): Promise<Error> {
  const { NotFoundError } = await import('../../errors.js');
  const what = version === undefined ? id : `${id}.${version}`;
  const reason = `No activity is recorded for ${what}. Record one with: synapse set-provenance ${id}`;
  const url = `/repo/v1/entity/${id}/generatedBy`;
  return new NotFoundError(reason, { status: 404, reason, method: 'GET', url });
}
