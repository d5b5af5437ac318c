import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { requireShell } from '../../completion/currentShell.js';
import {
  installCompletion,
  uninstallCompletion,
  type FileChange,
} from '../../completion/installCompletion.js';
import { shells, type Shell } from '../../completion/shellAnswer.js';
import { shellPlaces } from '../../completion/shellPlaces.js';

const words: Readonly<Record<FileChange['change'], string>> = {
  created: 'Created',
  updated: 'Updated',
  removed: 'Removed',
  unchanged: 'Unchanged:',
};

/** How to use the completion in a shell that is open already. */
const reload: Readonly<Record<Shell, string>> = {
  bash: 'exec bash',
  zsh: 'exec zsh',
  fish: 'exec fish',
  powershell: '. $PROFILE.CurrentUserAllHosts',
};

export default class AutocompleteInstall extends BaseCommand {
  static override summary = 'Install the completion of your shell, or remove it.';

  static override description =
    'Writes the completion script to a file, and for bash, zsh and PowerShell a line that runs it, between two marks, to the file that ' +
    'the shell runs at its start. Running it again changes nothing.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --shell zsh',
    '<%= config.bin %> <%= command.id %> --uninstall',
  ];

  static override flags = {
    shell: Flags.string({
      description: 'Shell. Default: your login shell.',
      options: [...shells],
    }),
    uninstall: Flags.boolean({ description: 'Remove what was installed.' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(AutocompleteInstall);
    const shell = requireShell(flags.shell);
    const places = shellPlaces(shell, process.env);
    const files = flags.uninstall
      ? await uninstallCompletion(places)
      : await installCompletion(shell, places);
    for (const { path, change } of files) this.log(`${words[change]} ${path}`);
    if (!flags.uninstall) this.note(`Open a new terminal, or run: ${reload[shell]}`);
    return { shell, files };
  }
}
