import { activityText } from '../activityText.js';
import { BaseCommand } from '../baseCommand.js';
import { entityText } from '../entityText.js';
import { entityArg, limitSearchFlag, versionFlag } from '../flags.js';
import { printable } from '../printable.js';

export default class Show extends BaseCommand {
  static override summary = 'Show the properties, annotations and provenance of an entity.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 2 --json',
  ];

  static override args = { id: entityArg };

  static override flags = { ...versionFlag, ...limitSearchFlag };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Show);
    const syn = await this.connect(flags, { anonymous: true });
    const { versionOf } = await import('../../values/ids.js');
    const { exactAnnotations } = await import('../annotationsJson.js');
    const { id, version } = versionOf(args.id, flags.version);
    const body = { includeEntity: true, includeAnnotations: true, includeActivity: true };
    const options = { signal: this.signal };
    const { entityBundle } = syn.services;
    const { checkAnswer } = await import('../../api/checkAnswer.js');
    const bundle =
      version === undefined
        ? await entityBundle.getEntityBundle({ id, body }, options)
        : await entityBundle.getEntityVersionBundle({ id, versionNumber: version, body }, options);
    const { entity, annotations, activity } = checkAnswer('entityBundle.getEntityBundle', bundle);
    const values = exactAnnotations(annotations);
    if (entity) this.log(entityText(entity, values));
    if (activity) this.log(`Provenance:\n${activityText(activity, printable)}`);
    return { entity, annotations: values, activity };
  }
}
