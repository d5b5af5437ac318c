import { Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { givenIds, manyEntityIds } from '../flags.js';
import { readAnnotations } from '../readAnnotations.js';
import { usageError } from '../usageError.js';

export default class SetAnnotations extends BaseCommand {
  static override summary = 'Add annotations to entities, or replace all of them.';

  static override description =
    'A value is a string, a number, a boolean, or an array of these. A number with a decimal point is a DOUBLE, any other a LONG; ' +
    'an ISO 8601 date is a date. {"type": "STRING", "value": [...]} sets the type. null removes an annotation. ' +
    'Other annotations are kept unless --replace is given.';

  static override examples = [
    `<%= config.bin %> <%= command.id %> syn456 --annotations '{"tissue": "liver", "age": [3, 4]}'`,
    '<%= config.bin %> <%= command.id %> syn456 --annotations @annotations.json --replace',
    `<%= config.bin %> list syn123 --ids | <%= config.bin %> <%= command.id %> - --annotations '{"study": "mice"}'`,
  ];

  static override args = { id: manyEntityIds.arg };

  static override flags = {
    id: manyEntityIds.flag,
    annotations: Flags.string({
      required: true,
      description: 'JSON object of keys and values, @FILE, or - for standard input.',
      helpValue: '<json>',
    }),
    replace: Flags.boolean({ char: 'r', description: 'Remove all other annotations.' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(SetAnnotations);
    const { currentOf } = await import('../../values/ids.js');
    const ids = givenIds(args.id, flags.id).map((id) =>
      currentOf(id, 'annotations are set on the current version'),
    );
    if (this.readCount !== undefined && flags.annotations === '-') {
      throw usageError('Give - only once: for the ids, or for --annotations.');
    }
    const annotations = (await readAnnotations(flags.annotations)) ?? {};
    const syn = await this.connect(flags);
    const { toWireAnnotations } = await import('../../index.js');
    const { exactAnnotations } = await import('../annotationsJson.js');
    return this.forEachId(ids, 'annotated', async (id) => {
      const result = await syn.setAnnotations(id, annotations, {
        replace: flags.replace,
        signal: this.signal,
      });
      this.note(`Set annotations on entity ${id}`);
      const values = exactAnnotations({ annotations: toWireAnnotations(result) });
      return this.isOne(ids) ? values : { id, annotations: values };
    });
  }
}
