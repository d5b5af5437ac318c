import { Args, Flags } from '@oclif/core';
import type { Collision } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { limitSearchFlag, versionFlag } from '../flags.js';
import { usageError } from '../usageError.js';

export default class Get extends BaseCommand {
  static override summary = 'Download a file, or a project or folder with all files in it.';

  static override description =
    'The bytes are checked against the MD5 in Synapse, and no other file is overwritten: one of the same name stays, and the new ' +
    'one gets a number, unless --if-collision says otherwise.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 2 --download-location data',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --download-location study',
  ];

  static override args = {
    id: Args.string({
      required: true,
      description:
        'Synapse id (syn123, syn123.4), or a local file to find in Synapse by its content.',
    }),
  };

  static override flags = {
    ...versionFlag,
    recursive: Flags.boolean({
      char: 'r',
      description: 'Get all files of a project or folder.',
      exclusive: ['version'],
    }),
    'follow-link': Flags.boolean({
      aliases: ['followLink'],
      description: 'Of a link, get what it leads to.',
    }),
    'download-location': Flags.string({
      aliases: ['downloadLocation'],
      default: './',
      description: 'Directory to download to.',
    }),
    'if-collision': Flags.custom<Collision>({
      aliases: ['ifcollision', 'ifCollision'],
      options: ['keep.both', 'keep.local', 'overwrite.local'],
      default: 'keep.both',
      description: 'What to do about another file of the same name.',
    })(),
    ...limitSearchFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Get);
    const syn = await this.connect(flags, { anonymous: true });
    const options = {
      ifCollision: flags['if-collision'],
      signal: this.signal,
      onProgress: await this.progress(),
    };
    const directory = flags['download-location'];
    if (!flags.recursive) {
      const entity = await syn.get(args.id, {
        ...options,
        downloadLocation: directory,
        followLink: flags['follow-link'],
        ...(flags.version !== undefined && { version: flags.version }),
        ...(flags['limit-search'] !== undefined && { limitSearch: flags['limit-search'] }),
      });
      return this.#report(entity);
    }
    const { getDirectory, isSynapseId } = await import('../../index.js');
    if (!isSynapseId(args.id)) throw usageError('--recursive takes the id of a project or folder.');
    const got = [];
    for await (const file of getDirectory(syn, args.id, directory, options)) {
      got.push(this.#report(file));
    }
    return got;
  }

  #report(entity: { id?: string; name?: string; path?: string; versionNumber?: number }): object {
    const { id, name, path, versionNumber } = entity;
    if (path === undefined) this.note(`WARNING: No files associated with entity ${id ?? ''}`);
    else this.log(`Creating ${path}`);
    return { id, name, versionNumber, path };
  }
}
