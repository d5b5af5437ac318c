import type { Synapse } from '../../index.js';
import type { EntityVersion } from '../../values/ids.js';
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

  static override description =
    'Also takes a local file, and shows the file in Synapse that has its content.';

  static override args = { id: entityArg };

  static override flags = { ...versionFlag, ...limitSearchFlag };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Show);
    const syn = await this.connect(flags, { anonymous: true });
    const { exactAnnotations } = await import('../annotationsJson.js');
    const { id, version } = await this.#target(syn, args.id, flags);
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
    const values = exactAnnotations(annotations);
    if (entity) {
      const dataId = 'dataFileHandleId' in entity ? entity.dataFileHandleId : undefined;
      const fileHandle = fileHandles?.find((each) => each.id === dataId);
      this.log(entityText(entity, { annotations: values, fileHandle }));
    }
    this.log(`Provenance:${activity ? `\n${activityText(activity, printable)}` : ''}`);
    return { entity, annotations: values, activity };
  }

  async #target(
    syn: Synapse,
    target: string,
    flags: { version?: number | undefined; 'limit-search'?: string | undefined },
  ): Promise<EntityVersion> {
    const { isSynapseId, isSynapsePath, versionOf } = await import('../../values/ids.js');
    if (isSynapseId(target) || isSynapsePath(target)) return versionOf(target, flags.version);
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
