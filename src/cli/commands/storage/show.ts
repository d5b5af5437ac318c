import type { UploadLocation, UploadLocations } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { destinationText } from '../../destinationText.js';
import { entityArg } from '../../flags.js';
import { printableName } from '../../printable.js';
import { limitText, readUsage, storedText, type LocationUsage } from '../../storageListing.js';

/** The locations with what the project has stored in each. */
type ShownLocations = Omit<UploadLocations, 'locations'> & {
  locations: (UploadLocation & { usage?: LocationUsage })[];
};

export default class StorageShow extends BaseCommand {
  static override summary = 'Show where uploads to a project or folder go.';

  static override description =
    'Prints the storage locations, the default one first: id, type, bucket or address, what the whole project has stored there, the ' +
    'limit, and the description.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123'];

  static override args = { id: entityArg };

  async run(): Promise<ShownLocations> {
    const { args, flags } = await this.parse(StorageShow);
    const syn = await this.connect(flags, { anonymous: true });
    const call = { signal: this.signal };
    const found = await syn.storageLocations.of(args.id, call);
    const usage = await readUsage(syn, found.projectId, call);
    const locations = found.locations.map((location) => ({
      ...location,
      usage: usage?.get(location.storageLocationId),
    }));
    await this.table(locations, {
      LOCATION: ({ storageLocationId }) => storageLocationId,
      TYPE: ({ uploadType }) => uploadType,
      DESTINATION: ({ destination }) => destinationText(destination),
      STORED: (location) => storedText(location.usage),
      LIMIT: (location) => limitText(location.usage),
      DESCRIPTION: ({ description }) => description,
    });
    this.note(originText(found));
    if (usage === undefined) {
      this.note(`What is stored is not shown: you may not read the project ${found.projectId}.`);
    }
    return { ...found, locations };
  }
}

function originText({ id, setBy, unreadable }: UploadLocations): string {
  if (unreadable !== undefined) {
    return `It is not known where this is set: you may not read the settings of ${nameOf(unreadable)}.`;
  }
  if (setBy === undefined) return `Neither ${id} nor a container above it has a setting.`;
  return setBy.id === id ? `Set on ${id} itself.` : `Inherited from ${nameOf(setBy)}.`;
}

function nameOf({ id, name }: { id: string; name: string }): string {
  return `${id} (${printableName(name)})`;
}
