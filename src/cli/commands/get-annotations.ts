import { Flags } from '@oclif/core';
import type * as M from '../../../generated/models.js';
import type { Synapse } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { givenIds, manyEntityIds, versionFlag } from '../flags.js';
import { jsonById } from '../jsonById.js';
import { writeResult } from '../writeResult.js';
import { ofKind } from '../valueKind.js';

export default class GetAnnotations extends BaseCommand {
  static override summary = 'Print the annotations of entities as JSON.';

  static override description =
    'The file of --output can be read with `<%= config.bin %> set-annotations --annotations @FILE`: it has the same annotations. ' +
    'Of several entities, an object is printed with their ids as keys.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --output annotations.json',
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

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(GetAnnotations);
    const ids = givenIds(args.id, flags.id);
    const isOne = this.isOne(ids);
    const syn = await this.connect(flags, { anonymous: true });
    const { annotationsJson } = await import('../annotationsJson.js');
    const texts = new Map<string, string>();
    const { output = 'STDOUT' } = flags;
    const forFile = output !== 'STDOUT' || !isOne;
    try {
      return await this.forEachId(ids, 'read', async (id) => {
        const annotations = await this.#read(syn, id, flags.version);
        texts.set(id, annotationsJson(annotations, { forFile }));
        return annotations;
      });
    } finally {
      if (texts.size > 0 || !isOne) await this.#write(jsonById(texts, isOne), output);
    }
  }

  async #write(json: string, output: string): Promise<void> {
    if (output === 'STDOUT') this.logJsonText(json);
    else await writeResult(output, `${json}\n`);
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
