import { stat } from 'node:fs/promises';
import { Flags, type Interfaces } from '@oclif/core';
import type { SubmissionReceipt, Synapse } from '../../index.js';
import { resolveUsed } from '../../entities/resolveUsed.js';
import { BaseCommand } from '../baseCommand.js';
import { limitSearchFlag, provenanceFlags, idsFlag } from '../flags.js';
import { printableName } from '../printable.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';

export default class Submit extends BaseCommand {
  static override summary = 'Submit an entity, or a file, to an evaluation queue.';

  static override description =
    'Prints the id of the submission. A file is uploaded first. The message of the organizers goes to standard error.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --evaluation "Round 1" --entity syn123',
    '<%= config.bin %> <%= command.id %> --evaluation 9600001 --file predictions.csv --parent-id syn123 --used syn456',
    '<%= config.bin %> <%= command.id %> --evaluation 9600001 --entity syn123.2 --name "second try" --team "Team Lynx"',
  ];

  static override flags = {
    evaluation: ofKind(
      'evaluation',
      Flags.string({
        description: 'Evaluation: an id, or a name.',
        helpValue: '<evaluation>',
      }),
    ),
    'evaluation-id': ofKind(
      'evaluation',
      Flags.string({
        aliases: ['evaluationID', 'evaluationId', 'evalID'],
        description: 'Id of the evaluation.',
        helpValue: '<id>',
      }),
    ),
    'evaluation-name': ofKind(
      'evaluation',
      Flags.string({
        aliases: ['evaluationName', 'evalN'],
        description: 'Name of the evaluation.',
        helpValue: '<name>',
      }),
    ),
    entity: ofKind(
      'entity',
      Flags.string({
        aliases: ['eid', 'entityId', 'id'],
        description: 'Synapse id of the entity to submit, with a version or without.',
        helpValue: '<id>',
      }),
    ),
    file: ofKind(
      'file',
      Flags.string({
        char: 'f',
        description: 'File to upload and submit.',
        helpValue: '<file>',
      }),
    ),
    'parent-id': ofKind(
      'container',
      Flags.string({
        aliases: ['parentId', 'parentid', 'parent'],
        description: 'Synapse id of the project or folder for the file.',
        helpValue: '<id>',
      }),
    ),
    name: Flags.string({
      description: 'Name of the submission.',
      helpValue: '<name>',
      defaultHelp: () => Promise.resolve("the entity's"),
    }),
    team: ofKind(
      'team',
      Flags.string({
        aliases: ['teamName'],
        description: 'Team that submits: its name, or its id.',
        helpValue: '<team>',
      }),
    ),
    contributor: ofKind(
      'user',
      Flags.string({
        description: 'Member of the team who has contributed. Default: all who may.',
        helpValue: '<user>',
        multiple: true,
        multipleNonGreedy: true,
        dependsOn: ['team'],
      }),
    ),
    alias: Flags.string({
      aliases: ['submitterAlias'],
      description: 'Name for leaderboards.',
      helpValue: '<name>',
      defaultHelp: () => Promise.resolve("the team's"),
    }),
    'docker-tag': Flags.string({
      description: 'Tag of the image in a Docker repository. Default: latest.',
      helpValue: '<tag>',
    }),
    ...provenanceFlags,
    ...limitSearchFlag,
    ...idsFlag,
  };

  async run(): Promise<SubmissionReceipt> {
    const { flags } = await this.parse(Submit);
    const evaluation = this.#evaluation(flags);
    await this.#checkSource(flags);
    const syn = await this.connect(flags);
    const { signal } = this;
    // Before the upload, which a wrong name would make useless.
    const queue = await syn.evaluations.get(evaluation, { signal });
    const entity = flags.entity ?? (await this.#upload(syn, flags));
    const receipt = await syn.submit(queue, entity, {
      name: flags.name,
      team: flags.team,
      contributors: flags.contributor,
      alias: flags.alias,
      dockerTag: flags['docker-tag'],
      signal,
    });
    if (receipt.receiptMessage) this.note(receipt.receiptMessage);
    for (const { userId, reason } of receipt.leftOut) {
      this.note(`User ${userId} is not a contributor: ${reason}.`);
    }
    const name = printableName(receipt.name ?? '');
    this.logId(
      flags,
      receipt.id,
      `Submitted (id: ${receipt.id}) entity: ${receipt.entityId}\t${name} to Evaluation: ${receipt.evaluationId}`,
    );
    return receipt;
  }

  /** As in the Python client, an id is used rather than a name. */
  #evaluation(flags: SubmitFlags): string | { id: string } | { name: string } {
    const { evaluation } = flags;
    const isId = evaluation !== undefined && /^\s*[+-]?\d+\s*$/.test(evaluation);
    const id = isId ? evaluation.trim() : flags['evaluation-id'];
    const name = isId ? flags['evaluation-name'] : (evaluation ?? flags['evaluation-name']);
    if (id !== undefined) {
      if (name !== undefined) this.note('The evaluation has an id and a name: the id is used.');
      return { id };
    }
    if (name !== undefined) return { name };
    throw usageError('Name the evaluation: --evaluation with its id or name.');
  }

  async #checkSource({ entity, file, 'parent-id': parent }: SubmitFlags): Promise<void> {
    if (entity !== undefined) {
      if (file !== undefined) this.note('--entity and --file are given: the entity is used.');
      const { entityVersionOf } = await import('../../values/ids.js');
      entityVersionOf(entity);
      return;
    }
    if (file === undefined) throw usageError('Name what to submit: --entity, or --file.');
    if (parent === undefined) {
      throw usageError('A file needs --parent-id, the project or folder to upload it to.');
    }
    const info = await stat(file).catch(() => undefined);
    if (info?.isFile() !== true) throw usageError(`--file: ${file} is not a file.`);
  }

  async #upload(syn: Synapse, flags: SubmitFlags): Promise<string> {
    const { File } = await import('../../index.js');
    const lookUp = { signal: this.signal, limitSearch: flags['limit-search'] };
    const used = flags.used && (await resolveUsed(syn, flags.used, lookUp));
    const executed = flags.executed && (await resolveUsed(syn, flags.executed, lookUp));
    const { id } = await syn.store(new File({ path: flags.file, parent: flags['parent-id'] }), {
      used,
      executed,
      signal: this.signal,
      onProgress: await this.progress(),
    });
    return id;
  }
}

type SubmitFlags = Interfaces.InferredFlags<typeof Submit.flags & typeof Submit.baseFlags>;
