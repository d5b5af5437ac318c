import { Args, Flags } from '@oclif/core';
import type { Failure, Synapse } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { usageError } from '../usageError.js';

interface Deleted {
  id: string;
  version?: number | undefined;
}

export default class Delete extends BaseCommand {
  static override summary = 'Move entities to the trash can, or delete one version of an entity.';

  static override description =
    'Deleting a project or folder also deletes its content. It can be restored from the trash can at https://www.synapse.org for ' +
    '30 days. A version is deleted permanently. The exit status is 4 when there is nothing to delete: the entity does not exist or is ' +
    'already in the trash can. With several ids it is 5 when some could not be deleted.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 syn457 syn458',
    '<%= config.bin %> <%= command.id %> syn456 --version 3',
  ];

  static override args = {
    id: Args.string({
      description: 'Synapse ids, such as syn123, or syn123.4 for a version.',
      required: true,
      multiple: true,
    }),
  };

  static override flags = {
    version: Flags.integer({
      char: 'v',
      description: 'Delete only this version.',
      helpValue: '<number>',
      min: 1,
    }),
  };

  /** One object, or a list for several ids. */
  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Delete);
    const targets = await readTargets(args.id, flags.version);
    const syn = await this.connect(flags);
    const [first] = targets;
    if (first !== undefined && targets.length === 1) {
      await syn.delete(first.id, { version: first.version, signal: this.signal });
      return this.#report(first);
    }
    return this.collect(deleteEach(syn, targets, this.signal), (one) => this.#report(one));
  }

  #report({ id, version }: Deleted): Deleted {
    this.log(
      version === undefined ? `Deleted entity: ${id}` : `Deleted entity ${id}, version ${version}`,
    );
    return { id, version };
  }
}

/** Checks all ids before the first one is deleted. */
async function readTargets(ids: string[], version: number | undefined): Promise<Deleted[]> {
  if (ids.length > 1 && version !== undefined) {
    throw usageError('--version takes one id. Write versions of several as syn123.4.');
  }
  const { versionOf } = await import('../../values/ids.js');
  return ids.map((id) => versionOf(id, version));
}

async function* deleteEach(
  syn: Synapse,
  targets: readonly Deleted[],
  signal: AbortSignal,
): AsyncGenerator<Deleted> {
  const { AuthenticationError, PartialFailureError, SynapseHttpError } =
    await import('../../index.js');
  const failures: Failure[] = [];
  for (const { id, version } of targets) {
    try {
      await syn.delete(id, { version, signal });
      yield { id, version };
    } catch (error) {
      // Other errors, such as of the network, would meet the rest too.
      const isOfThis = error instanceof SynapseHttpError && !(error instanceof AuthenticationError);
      if (!isOfThis) throw error;
      failures.push({ path: version === undefined ? id : `${id}.${version}`, error });
    }
  }
  if (failures.length > 0) throw new PartialFailureError('deleted', failures);
}
