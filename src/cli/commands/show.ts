import type { EntityVersion } from '../../values/ids.js';
import { activityText } from '../activityText.js';
import { BaseCommand } from '../baseCommand.js';
import { entityText } from '../entityText.js';
import { entitiesArg, limitSearchFlag, versionFlag } from '../flags.js';
import { printable } from '../printable.js';
import type { Synapse } from '../../index.js';

export default class Show extends BaseCommand {
  static override summary = 'Show properties, annotations and provenance of entities.';

  static override description =
    'Prints a line for each property, then the annotations and what the entity was made from. Also takes local files, and shows the ' +
    'files in Synapse that have their content.';

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
      const { id, version } = await this.#target(syn, each, flags);
      const shown = await this.#read(syn, id, version);
      const { entity, annotations, activity, fileHandle } = shown;
      if (!isFirst) this.log();
      isFirst = false;
      if (entity) this.log(entityText(entity, { annotations, fileHandle }));
      this.log(`Provenance:${activity ? `\n${activityText(activity, printable)}` : ''}`);
      return { entity, annotations, activity };
    });
  }

  async #read(syn: Synapse, id: string, version: number | undefined) {
    const { exactAnnotations } = await import('../annotationsJson.js');
    const body = {
      includeEntity: true,
      includeAnnotations: true,
      includeActivity: true,
      includeFileHandles: true,
    };
    const options = { signal: this.signal };
    const { entityBundle } = syn.services;
    const { checkAnswer } = await import('../../api/checkAnswer.js');
    const bundle =
      version === undefined
        ? await entityBundle.getEntityBundle({ id, body }, options)
        : await entityBundle.getEntityVersionBundle({ id, versionNumber: version, body }, options);
    const { entity, annotations, activity, fileHandles } = checkAnswer(
      'entityBundle.getEntityBundle',
      bundle,
    );
    const dataId = entity && 'dataFileHandleId' in entity ? entity.dataFileHandleId : undefined;
    const fileHandle = fileHandles?.find((each) => each.id === dataId);
    return { entity, annotations: exactAnnotations(annotations), activity, fileHandle };
  }

  async #target(
    syn: Synapse,
    target: string,
    flags: { version?: number | undefined; 'limit-search'?: string | undefined },
  ): Promise<EntityVersion> {
    const { isSynapseId, versionOf } = await import('../../values/ids.js');
    if (isSynapseId(target)) return versionOf(target, flags.version);
    // A local file stands for the file in Synapse with its content.
    const found = await syn.get(target, {
      downloadFile: false,
      version: flags.version,
      limitSearch: flags['limit-search'],
      signal: this.signal,
    });
    return { id: found.id, version: 'versionNumber' in found ? found.versionNumber : undefined };
  }
}
