import { activityText } from '../activityText.js';
import { BaseCommand } from '../baseCommand.js';
import { entityText } from '../entityText.js';
import { entitiesArg, limitSearchFlag, versionFlag } from '../flags.js';
import { printable } from '../printable.js';
import type { Synapse } from '../../index.js';

export default class Show extends BaseCommand {
  static override summary = 'Show the properties, annotations and provenance of entities.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 2 --json',
    '<%= config.bin %> <%= command.id %> syn456 "syn://Mouse study/raw/counts.csv"',
  ];

  static override args = { id: entitiesArg };

  static override flags = { ...versionFlag, ...limitSearchFlag };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Show);
    const syn = await this.connect(flags, { anonymous: true });
    let isFirst = true;
    return this.forEachId(args.id, 'shown', async (each) => {
      const shown = await this.#read(syn, each, flags.version);
      const { entity, annotations, activity } = shown;
      if (!isFirst) this.log();
      isFirst = false;
      if (entity) this.log(entityText(entity, annotations));
      if (activity) this.log(`Provenance:\n${activityText(activity, printable)}`);
      return shown;
    });
  }

  async #read(syn: Synapse, given: string, givenVersion: number | undefined) {
    const { versionOf } = await import('../../values/ids.js');
    const { exactAnnotations } = await import('../annotationsJson.js');
    const { id, version } = versionOf(given, givenVersion);
    const body = { includeEntity: true, includeAnnotations: true, includeActivity: true };
    const options = { signal: this.signal };
    const { entityBundle } = syn.services;
    const { checkAnswer } = await import('../../api/checkAnswer.js');
    const bundle =
      version === undefined
        ? await entityBundle.getEntityBundle({ id, body }, options)
        : await entityBundle.getEntityVersionBundle({ id, versionNumber: version, body }, options);
    const { entity, annotations, activity } = checkAnswer('entityBundle.getEntityBundle', bundle);
    return { entity, annotations: exactAnnotations(annotations), activity };
  }
}
