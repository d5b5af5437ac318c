import { Flags } from '@oclif/core';
import type { AcceptReport, RequirementState, Synapse, UnmetRequirement } from '../../../index.js';
import { recursiveFlag } from '../../accessFlags.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { printable } from '../../printable.js';

export default class AccessRequirements extends BaseCommand {
  static override summary = 'List the access requirements that you lack, and accept them.';

  static override description =
    'Prints the requirements of an entity, and with --recursive of everything in it, with their pages on the website. What to do about ' +
    'each is printed as a note. --accept accepts terms of use, or signs, as the button on the website does: read them first. The exit ' +
    'status is 5 when some could not be accepted.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 --recursive',
    '<%= config.bin %> <%= command.id %> syn123 --accept 456 --accept 789',
  ];

  static override args = { id: entityArg };

  static override flags = {
    ...recursiveFlag,
    all: Flags.boolean({
      description: 'List also those that you meet.',
      exclusive: ['recursive', 'accept'],
    }),
    accept: Flags.string({
      multiple: true,
      description: 'Id of a requirement to accept.',
      helpValue: '<id>',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AccessRequirements);
    const { recursive, all, accept } = flags;
    const syn = await this.connect(flags, { anonymous: accept === undefined });
    const { signal } = this;
    if (accept !== undefined) return this.#accept(syn, accept);
    const found: readonly (RequirementState | UnmetRequirement)[] = all
      ? await syn.accessRequirements.list(args.id, { signal }).toArray()
      : await syn.accessRequirements.unmet(args.id, { recursive, signal });
    await this.list(found, {
      ID: ({ id }) => id,
      KIND: ({ kind }) => kind,
      STATE: ({ isMet }) => (isMet ? 'met' : 'unmet'),
      ENTITIES: (one) => ('entities' in one ? one.entities.length : undefined),
      NAME: ({ name }) => name,
      PAGE: ({ url }) => url,
    });
    if (found.length === 0)
      this.note(`${args.id} has no ${all ? '' : 'unmet '}access requirements.`);
    for (const { id, isMet, todo } of found) if (!isMet) this.note(`${id}: ${printable(todo)}`);
    return found;
  }

  async #accept(syn: Synapse, ids: readonly string[]): Promise<AcceptReport> {
    const report = await syn.accessRequirements.accept(ids, { signal: this.signal });
    for (const { id, name = '' } of report.accepted)
      this.log(`Accepted ${id} ${printable(name)}`.trim());
    const failures = report.failed.map(({ id, error }) => ({ path: String(id), error }));
    await this.throwFailed('accepted', failures, report);
    return report;
  }
}
