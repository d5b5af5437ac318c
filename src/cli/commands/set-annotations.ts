import { Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { entityFlag } from '../flags.js';
import { readAnnotations } from '../readAnnotations.js';

export default class SetAnnotations extends BaseCommand {
  static override summary = 'Add annotations to an entity, or replace all of them.';

  static override description =
    'A value is a string, a number, a boolean, or an array of these. Other annotations are kept unless --replace is given.';

  static override examples = [
    `<%= config.bin %> <%= command.id %> --id syn456 --annotations '{"tissue": "liver", "age": [3, 4]}'`,
    '<%= config.bin %> <%= command.id %> --id syn456 --annotations @annotations.json --replace',
  ];

  static override flags = {
    id: entityFlag,
    annotations: Flags.string({
      required: true,
      description: 'JSON object of keys and values, @FILE, or - for standard input.',
      helpValue: '<json>',
    }),
    replace: Flags.boolean({ char: 'r', description: 'Remove all other annotations.' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(SetAnnotations);
    const annotations = (await readAnnotations(flags.annotations)) ?? {};
    const syn = await this.connect(flags);
    const result = await syn.setAnnotations(flags.id, annotations, {
      replace: flags.replace,
      signal: this.signal,
    });
    this.note(`Set annotations on entity ${flags.id}`);
    return result;
  }
}
