import { access } from 'node:fs/promises';
import { currentShell } from '../completion/currentShell.js';
import { shellPlaces } from '../completion/shellPlaces.js';
import { note, ok, skipped, type Check } from './check.js';

/** Whether the completion of the shell is installed. */
export const completion: Check = {
  name: 'completion',
  title: 'Completion',
  run: async ({ environment }) => {
    const shell = currentShell(environment, process.platform);
    if (shell === undefined) return [skipped('There is none for this shell.')];
    // Its places are only known to PowerShell, which starts slowly.
    if (shell === 'powershell') return [skipped('Not looked for in PowerShell.')];
    const { script } = shellPlaces(shell, environment);
    const isInstalled = await access(script).then(
      () => true,
      () => false,
    );
    return isInstalled
      ? [ok(`It is installed for ${shell}.`, { shell, installed: true })]
      : [
          note(
            `It is not installed for ${shell}.`,
            'Install it with `synapse autocomplete install`, to complete commands and ids with the Tab key.',
            { shell, installed: false },
          ),
        ];
  },
};
