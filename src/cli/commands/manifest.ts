import { extname } from 'node:path';
import { Args, Flags } from '@oclif/core';
import type { GeneratedManifest, ManifestForm } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { pipeToStdout } from '../pipeToStdout.js';
import { ofKind } from '../valueKind.js';

export default class Manifest extends BaseCommand {
  static override summary = 'Make the manifest of a directory, for an upload later.';

  static override description =
    'Creates a folder in Synapse for each directory, or finds it, and lists the files with the folders that they belong in. No file is ' +
    'uploaded. Links are followed. Empty files and whatever else cannot be stored are named, with exit status 5.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> results/ --parent-id syn123 --manifest-file manifest.csv',
    '<%= config.bin %> <%= command.id %> results/ --parent-id syn123 > manifest.tsv',
  ];

  static override args = {
    path: ofKind('directory', Args.string({ description: 'Local directory.', required: true })),
  };

  static override flags = {
    'parent-id': ofKind(
      'container',
      Flags.string({
        aliases: ['parentId', 'parentid'],
        description: 'Synapse id of the project or folder to upload into.',
        helpValue: '<id>',
        required: true,
      }),
    ),
    'manifest-file': ofKind(
      'file',
      Flags.string({
        aliases: ['manifestFile'],
        description: 'File to write.',
        helpValue: '<file>',
        defaultHelp: () => Promise.resolve('standard output'),
      }),
    ),
    form: Flags.option({
      description:
        'The form of the manifest: csv has the column parentId, tsv the column parent and TABs, for older clients.',
      options: ['csv', 'tsv'] as const,
      defaultHelp: () => Promise.resolve('csv for a file whose name ends in .csv, else tsv'),
    })(),
    'safe-names': Flags.boolean({
      aliases: ['safeNames'],
      description: 'Give files and folders whose names Synapse does not accept similar names.',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Manifest);
    const file = flags['manifest-file'];
    const manifestPath = file === '-' ? undefined : file;
    const { containerOf } = await import('../../values/ids.js');
    const parentId = containerOf(flags['parent-id']);
    const syn = await this.connect(flags);
    const made = await syn.sync.generateManifest(args.path, parentId, {
      manifestPath,
      form: flags.form ?? formOf(manifestPath),
      safeNames: flags['safe-names'],
      signal: this.signal,
    });
    const { failures, problems, ...result } = made;
    if (!this.jsonEnabled()) await this.#print(made);
    const unreadable = problems.map(({ path, message }) => ({ path, error: new Error(message) }));
    await this.throwFailed('put into the manifest', [...failures, ...unreadable], result);
    return result;
  }

  async #print({ text, path, rows, folders }: GeneratedManifest): Promise<void> {
    if (text !== undefined) await pipeToStdout(textPieces(text), this.signal);
    else this.log(path);
    this.note(`${count(rows, 'file')} in ${count(Object.keys(folders).length + 1, 'folder')}`);
  }
}

async function* textPieces(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function formOf(path: string | undefined): ManifestForm {
  return extname(path ?? '').toLowerCase() === '.csv' ? 'csv' : 'tsv';
}
