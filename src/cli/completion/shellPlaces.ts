import { execFileSync } from 'node:child_process';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../usageError.js';
import type { Shell } from './shellAnswer.js';
import { shellQuoted } from '../shellWord.js';

/** Where the completion of a shell is installed. */
export interface ShellPlaces {
  /** The file with the script. */
  script: string;
  /** The file that the shell runs at its start, and the line of it that runs the script. fish finds the script itself. */
  startup?: { file: string; line: string };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The files of the user for a shell. @throws a usage error when PowerShell cannot be asked for them */
export function shellPlaces(shell: Shell, environment: Environment): ShellPlaces {
  return places[shell](environment);
}

const places: Readonly<Record<Shell, (environment: Environment) => ShellPlaces>> = {
  bash: (environment) => {
    const folder =
      environment['BASH_COMPLETION_USER_DIR'] || join(dataHome(environment), 'bash-completion');
    const script = join(folder, 'completions', 'synapse');
    // Terminals of macOS start login shells, which do not read ~/.bashrc.
    const name = platform() === 'darwin' ? '.bash_profile' : '.bashrc';
    const line = `[ -r ${shellQuoted(script)} ] && . ${shellQuoted(script)}`;
    return { script, startup: { file: join(homedir(), name), line } };
  },
  zsh: (environment) => {
    const script = join(dataHome(environment), 'synapse', 'completion.zsh');
    const file = join(environment['ZDOTDIR'] || homedir(), '.zshrc');
    return {
      script,
      startup: { file, line: `[ -r ${shellQuoted(script)} ] && . ${shellQuoted(script)}` },
    };
  },
  fish: (environment) => {
    const config = environment['XDG_CONFIG_HOME'] || join(homedir(), '.config');
    return { script: join(config, 'fish', 'completions', 'synapse.fish') };
  },
  powershell: (environment) => {
    const script = join(dataHome(environment), 'synapse', 'completion.ps1');
    const path = `'${script.replaceAll("'", "''")}'`;
    const line = `if (Test-Path -LiteralPath ${path}) { . ${path} }`;
    return { script, startup: { file: powershellProfile(), line } };
  },
};

function dataHome({ XDG_DATA_HOME, LOCALAPPDATA }: Environment): string {
  const windows = platform() === 'win32' ? LOCALAPPDATA : undefined;
  return XDG_DATA_HOME || windows || join(homedir(), '.local', 'share');
}

/** Only PowerShell knows where its profile is: the folder of documents can be on a network. */
function powershellProfile(): string {
  for (const program of ['pwsh', 'powershell']) {
    try {
      const command =
        '[Console]::OutputEncoding = [Text.Encoding]::UTF8; $PROFILE.CurrentUserAllHosts';
      const args = ['-NoProfile', '-NonInteractive', '-Command', command];
      const path = execFileSync(program, args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 20_000,
      }).trim();
      if (path !== '') return path;
    } catch {
      // It is not installed.
    }
  }
  throw usageError(
    'PowerShell was not found, so its profile is unknown. Add this line to it: synapse autocomplete powershell | Out-String | Invoke-Expression',
  );
}
