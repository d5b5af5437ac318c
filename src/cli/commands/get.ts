import { Args, Flags, type Interfaces } from '@oclif/core';
import type { Collision, Synapse } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { limitSearchFlag, versionFlag } from '../flags.js';
import { pipeToStdout } from '../pipeToStdout.js';
import { limitRateFlag, noVerifyFlag, rangeFlag } from '../transferFlags.js';
import { usageError } from '../usageError.js';

export default class Get extends BaseCommand {
  static override summary = 'Download a file, or a project or folder with all files in it.';

  static override description =
    'The bytes are checked against the MD5 in Synapse, and no other file is overwritten: one of the same name stays, and the new ' +
    'one gets a number, unless --if-collision says otherwise.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 2 --download-location data',
    '<%= config.bin %> <%= command.id %> syn456 - | gunzip | wc -l',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --download-location study',
  ];

  static override args = {
    id: Args.string({
      required: true,
      description:
        'Synapse id (syn123, syn123.4), or a local file to find in Synapse by its content.',
    }),
    to: Args.string({
      description: 'The same as --download-location.',
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
      defaultHelp: './',
      description: 'Directory to download to, or - to write the bytes to standard output.',
    }),
    'if-collision': Flags.custom<Collision>({
      aliases: ['ifcollision', 'ifCollision'],
      options: ['keep.both', 'keep.local', 'overwrite.local'],
      default: 'keep.both',
      description: 'What to do about another file of the same name.',
    })(),
    ...limitSearchFlag,
    ...rangeFlag,
    ...limitRateFlag,
    ...noVerifyFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Get);
    if (args.to !== undefined && flags['download-location'] !== undefined) {
      throw usageError(
        'Say once where to download to: as an argument, or with --download-location.',
      );
    }
    const directory = args.to ?? flags['download-location'] ?? './';
    const isStream = directory === '-';
    if (isStream && flags.recursive) throw usageError('--recursive takes a directory, not -.');
    if (isStream && this.jsonEnabled()) {
      throw usageError('The bytes of the file go to standard output: leave out --json.');
    }
    if (!isStream && flags.range) {
      throw usageError('--range writes to standard output: give - as the place to download to.');
    }
    const syn = await this.connect(flags, { anonymous: true });
    if (isStream) return this.#stream(syn, args.id, flags);
    return flags.recursive
      ? this.#getTree(syn, args.id, directory, flags)
      : this.#getFile(syn, args.id, directory, flags);
  }

  async #getFile(
    syn: Synapse,
    id: string,
    downloadLocation: string,
    flags: GetFlags,
  ): Promise<unknown> {
    const entity = await syn.get(id, {
      ...this.#target(flags),
      downloadLocation,
      ifCollision: flags['if-collision'],
      verify: !flags['no-verify'],
      onProgress: await this.progress(),
    });
    return this.#report(entity);
  }

  async #getTree(syn: Synapse, id: string, directory: string, flags: GetFlags): Promise<unknown> {
    const { getDirectory, isSynapseId } = await import('../../index.js');
    if (!isSynapseId(id)) throw usageError('--recursive takes the id of a project or folder.');
    const got = [];
    for await (const file of getDirectory(syn, id, directory, {
      ifCollision: flags['if-collision'],
      verify: !flags['no-verify'],
      signal: this.signal,
      onProgress: await this.progress(),
    })) {
      got.push(this.#report(file));
    }
    return got;
  }

  async #stream(syn: Synapse, id: string, flags: GetFlags): Promise<void> {
    const bytes = await syn.download(id, {
      ...this.#target(flags),
      range: flags.range,
      verify: !flags['no-verify'],
      // Bars would be drawn into the content.
      ...(!process.stdout.isTTY && { onProgress: await this.progress() }),
    });
    await pipeToStdout(bytes, this.signal);
  }

  #target(flags: GetFlags) {
    return {
      followLink: flags['follow-link'],
      signal: this.signal,
      ...(flags.version !== undefined && { version: flags.version }),
      ...(flags['limit-search'] !== undefined && { limitSearch: flags['limit-search'] }),
    };
  }

  #report(entity: { id?: string; name?: string; path?: string; versionNumber?: number }): object {
    const { id, name, path, versionNumber } = entity;
    if (path === undefined) this.note(`WARNING: No files associated with entity ${id ?? ''}`);
    else this.log(`Creating ${path}`);
    return { id, name, versionNumber, path };
  }
}

type GetFlags = Interfaces.InferredFlags<typeof Get.flags & typeof Get.baseFlags>;
