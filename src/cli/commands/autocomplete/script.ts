import { Args } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { requireShell } from '../../completion/currentShell.js';
import { shells, type Shell } from '../../completion/shellAnswer.js';

const lines: Readonly<Record<Shell, string>> = {
  bash: 'source <(synapse autocomplete bash)',
  zsh: 'source <(synapse autocomplete zsh)',
  fish: 'synapse autocomplete fish | source',
  powershell: 'synapse autocomplete powershell | Out-String | Invoke-Expression',
};

export default class AutocompleteScript extends BaseCommand {
  // Older instructions put `eval $(synapse autocomplete script bash)` into the file that a shell runs at its start.
  static override hidden = true;

  static override summary = 'Print a line that turns completion on in this shell.';

  static override examples = ['eval $(<%= config.bin %> <%= command.id %> bash)'];

  static override args = {
    shell: Args.string({ description: 'Shell.', options: [...shells] }),
  };

  async run(): Promise<unknown> {
    const { args } = await this.parse(AutocompleteScript);
    const shell = requireShell(args.shell);
    this.log(lines[shell]);
    return { shell, line: lines[shell] };
  }
}
