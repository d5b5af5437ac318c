import { Flags } from '@oclif/core';
import type { DoiInfo } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { doiTargetArg } from '../../doiText.js';

const resourceTypes = [
  'Audiovisual',
  'Collection',
  'DataPaper',
  'Dataset',
  'Event',
  'Image',
  'InteractiveResource',
  'Model',
  'PhysicalObject',
  'Service',
  'Software',
  'Sound',
  'Text',
  'Workflow',
  'Other',
] as const;

export default class DoiCreate extends BaseCommand {
  static override summary = 'Create or update the DOI of an entity or a version.';

  static override description =
    'Prints the address of the DOI. The DOI of a version always leads to that version, one of an entity to its newest version. A DOI ' +
    'cannot be removed; run the command again to change what it says.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456.1 --title "RNA counts" --creator "Alice Example" --creator "Bob Example"',
  ];

  static override args = { id: doiTargetArg };

  static override flags = {
    title: Flags.string({ description: 'Title.', helpValue: '<text>', required: true }),
    creator: Flags.string({
      description: 'Who made the data, the most important first.',
      helpValue: '<name>',
      required: true,
      multiple: true,
    }),
    year: Flags.integer({
      description: 'Year of publication. Default: the present year.',
      helpValue: '<year>',
    }),
    type: Flags.option({
      description: 'What it is. Default: Dataset.',
      helpValue: '<type>',
      options: resourceTypes,
    })(),
  };

  async run(): Promise<DoiInfo> {
    const { args, flags } = await this.parse(DoiCreate);
    const syn = await this.connect(flags);
    const doi = await syn.dois.mint(
      args.id,
      {
        titles: flags.title,
        creators: flags.creator,
        publicationYear: flags.year,
        resourceType: flags.type,
      },
      { signal: this.signal },
    );
    this.log(doi.url);
    return doi;
  }
}
