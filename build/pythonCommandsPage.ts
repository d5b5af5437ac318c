/** A command, flag or argument of the Python client. */
export interface PythonCommandRow {
  /** `(global)`: flags before the command. */
  command: string;
  /** `(command)`, the spellings of a flag (`-v, --version`), or an argument. `*`: any number of values; `?`: none or one. */
  python: string;
  /** What to use here: a command, a flag, or an argument in capitals. Empty when there is nothing yet. */
  ours: string;
  status: PythonStatus;
  note: string;
}

export type PythonStatus = 'same' | 'alias' | 'differs' | 'not yet';

const meanings: Readonly<Record<PythonStatus, string>> = {
  same: 'has the same name and meaning',
  alias: 'is also accepted in the spelling of the Python client',
  differs: 'is accepted, with the difference that the note names',
  'not yet': 'is not there yet',
};

/** Parses docs/python-cli.tsv. */
export function parsePythonCommands(text: string): PythonCommandRow[] {
  const [, ...lines] = text.trimEnd().split('\n');
  return lines.map((line) => {
    const [command = '', python = '', ours = '', status = '', note = ''] = line.split('\t');
    if (!Object.hasOwn(meanings, status)) throw new Error(`python-cli.tsv: ${line}`);
    return { command, python, ours, status: status as PythonStatus, note };
  });
}

/** Writes docs/python-cli.md. */
export function pythonCommandsPage(rows: readonly PythonCommandRow[]): string {
  const commands = [...new Set(rows.map(({ command }) => command))];
  const list = Object.entries(meanings).map(([status, meaning]) => {
    const count = rows.filter((each) => each.status === status).length;
    return `- **${status}** ${meaning} (${count}).`;
  });
  const tables = commands.map((command) => {
    const heading = command === '(global)' ? '## All commands' : `## \`synapse ${command}\``;
    const lines = rows.filter((each) => each.command === command).map(tableRow);
    return `${heading}\n\n| Python | Here | Status | Note |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
  });
  return `<!-- Written by \`npm run docs\` from python-cli.tsv. Do not edit. -->

# The commands of the Python client

Every command and flag of the Python client (version 4.13.0), and what it is here. A test checks that all of them are accepted.

${list.join('\n')}

Command lines mean what they mean in the Python client: flags for all commands before or after the command, abbreviations
(\`--downloadLoc\`), several values after one flag (\`--used a b\`), and the names with one dash of former releases (\`-parentid\`).
[Differences from the Python client](departures.md) has the reasons for what differs.

${tables.join('\n')}`;
}

function tableRow({ python, ours, status, note }: PythonCommandRow): string {
  const cells = [code(python), code(ours), status, note.replaceAll('|', String.raw`\|`)];
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return text === '' || text === '(command)' ? text.replace(/[()]/g, '') : `\`${text}\``;
}
