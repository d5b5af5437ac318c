import type * as M from '../../../generated/models.js';
import type { Synapse } from '../../index.js';
import { givenIds } from '../flags.js';
import { jsonByIdArgs, jsonByIdFlags, JsonByIdCommand } from '../jsonByIdCommand.js';

export default class GetAnnotations extends JsonByIdCommand {
  static override summary = 'Print the annotations of entities as JSON.';

  static override description =
    'The file of --output can be read with `<%= config.bin %> set-annotations --annotations @FILE`: it has the same annotations. ' +
    'Of several entities, an object is printed with their ids as keys.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --output annotations.json',
  ];

  static override args = jsonByIdArgs;

  static override flags = jsonByIdFlags;

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(GetAnnotations);
    const ids = givenIds(args.id, flags.id);
    const syn = await this.connect(flags, { anonymous: true });
    const { annotationsJson } = await import('../annotationsJson.js');
    const { output = 'STDOUT' } = flags;
    const forFile = output !== 'STDOUT' || !this.isOne(ids);
    return this.writeEach(ids, output, async (id) => {
      const result = await this.#read(syn, id, flags.version);
      return { result, json: annotationsJson(result, { forFile }) };
    });
  }

  async #read(
    syn: Synapse,
    given: string,
    givenVersion: number | undefined,
  ): Promise<M.Annotations> {
    const { versionOf } = await import('../../values/ids.js');
    const { checkAnswer } = await import('../../api/checkAnswer.js');
    const { id, version } = versionOf(given, givenVersion);
    const options = { signal: this.signal };
    const answer =
      version === undefined
        ? await syn.services.entity.getEntityAnnotations({ id }, options)
        : await syn.services.entity.getEntityVersionAnnotations(
            { id, versionNumber: version },
            options,
          );
    return checkAnswer('entity.getEntityAnnotations', answer);
  }
}
