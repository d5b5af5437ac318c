import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { requireShell } from '../completion/currentShell.js';
import { forgetLists } from '../completion/forgetLists.js';
import { scripts } from '../completion/scripts.js';
import { shells } from '../completion/shellAnswer.js';

export default class Autocomplete extends BaseCommand {
  static override summary = 'Complete commands, flags, ids and names with Tab.';

  static override description =
    'Prints the completion script of a shell; without a shell, says how to install it. `<%= config.bin %> autocomplete install` ' +
    'does it for you.\n\n' +
    'Ids, names and paths (syn://Project/folder/file) are those of your projects and of the folders that you looked at last, or of ' +
    'the project in the environment variable SYNAPSE_PROJECT. They are kept in a cache that only you can read, and fetched in the ' +
    'background.';

  static override examples = [
    '<%= config.bin %> autocomplete install',
    '<%= config.bin %> autocomplete bash > ~/.local/share/bash-completion/completions/synapse',
  ];

  static override args = {
    shell: Args.string({ description: 'Shell to print the script of.', options: [...shells] }),
  };

  static override flags = {
    'refresh-cache': Flags.boolean({
      char: 'r',
      description: 'Forget the ids and names that were fetched for completion.',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Autocomplete);
    if (flags['refresh-cache']) {
      await forgetLists();
      this.note('The ids and names that were fetched for completion are forgotten.');
    }
    const shell = shells.find((each) => each === args.shell);
    if (shell !== undefined) {
      // As it is: a script contains no text of others.
      this.log(scripts[shell].trimEnd());
      return { shell, script: scripts[shell] };
    }
    if (flags['refresh-cache']) return { isCacheForgotten: true };
    const current = requireShell(undefined);
    this.log(`Install completion for ${current}: synapse autocomplete install`);
    this.log(`Or print its script:         synapse autocomplete ${current}`);
    return { shell: current };
  }
}
