import type { LocationUsage } from '../../storageListing.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { limitText } from '../../storageListing.js';

export default class StorageUsage extends BaseCommand {
  static override summary = 'Show how much a project has stored in each storage location.';

  static override description =
    'Prints the id of the location, the bytes of all files with all their versions, and the limit, if there is one.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123'];

  static override args = { id: entityArg };

  async run(): Promise<{ projectId: string; locations: LocationUsage[] }> {
    const { args, flags } = await this.parse(StorageUsage);
    const syn = await this.connect(flags, { anonymous: true });
    const usage = await syn.storageLocations.usage(args.id, { signal: this.signal });
    const locations = usage.locations ?? [];
    await this.table(locations, {
      LOCATION: ({ storageLocationId }) => storageLocationId,
      BYTES: ({ sumFileBytes }) => sumFileBytes,
      LIMIT: limitText,
    });
    return { projectId: usage.projectId ?? args.id, locations };
  }
}
