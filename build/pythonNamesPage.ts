/** One public name of the Python client. */
export interface PythonName {
  section: string;
  python: string;
  /** What to use here, parsed. Empty when there is nothing yet. */
  ours: readonly string[];
  note: string;
}

/** Sections in the order of the page, with the text above each table. */
const sections: Readonly<Record<string, string>> = {
  synapseclient: '## Module `synapseclient`',
  Synapse: '## Class `synapseclient.Synapse`',
  operations: '## Functions of `synapseclient.operations`',
  shared: `## Methods that many models share

\`entity\` stands for every entity class, \`container\` for \`Project\` and \`Folder\`, \`table\` for tables, views and datasets.`,
  models: '## Classes of `synapseclient.models`',
  synapseutils: '## Module `synapseutils`',
  curator: '## Module `synapseclient.extensions.curator`',
};

/** Parses docs/python-names.tsv. */
export function parsePythonNames(text: string): PythonName[] {
  const [, ...lines] = text.trimEnd().split('\n');
  return lines.map((line) => {
    const [section = '', python = '', ours = '', note = ''] = line.split('\t');
    return { section, python, ours: ours.split(', ').filter(Boolean), note };
  });
}

/** Whether a name is there, only its endpoint, nothing yet, or nothing on purpose. */
export function statusOf({ ours: [first] }: PythonName): 'here' | 'endpoint' | 'not yet' | 'none' {
  if (first === undefined) return 'not yet';
  if (first === '-') return 'none';
  return /^(syn\.services\.|job:)/.test(first) ? 'endpoint' : 'here';
}

/** Writes docs/python-names.md. */
export function pythonNamesPage(names: readonly PythonName[]): string {
  const count = (status: string): number => names.filter((n) => statusOf(n) === status).length;
  const tables = Object.entries(sections).map(([section, heading]) => {
    const rows = names.filter((name) => name.section === section).map(row);
    return `${heading}\n\n| Python | TypeScript | Note |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `<!-- Written by \`npm run docs\` from python-names.tsv. Do not edit. -->

# Names of the Python client

What the public names of the Python client (version 4.13.0) are called here. A test checks that every name in the middle
column exists.

Of ${names.length} names, ${count('here')} have an equivalent, ${count('endpoint')} are not there yet but their endpoint is, ${count('not yet')} are not
there yet, and ${count('none')} are not needed.

- \`syn\` is a client: \`const syn = new Synapse()\`.
- A method \`x_async\` is the same as \`x\`: every call returns a promise or an async iterable.
- \`syn.services\`, \`syn.runJob\` and \`syn.rest\` reach every endpoint. \`syn.runJob\` takes the type of request that is named.
- \`types.X\` is a type of \`synapseclient/types\`. Entities, requests and answers are plain objects, so the Python methods
  \`fill_from_dict\`, \`to_synapse_request\`, \`has_changed\` and \`has_columns_changed\` are not needed.
- Dates are \`Date\`, and lists that come in pages are async iterables.

${tables.join('\n')}`;
}

function row(name: PythonName): string {
  const endpoint = statusOf(name) === 'endpoint';
  const text = name.ours.map(code).join(', ');
  const ours = { here: text, endpoint: text, 'not yet': 'not yet', none: 'not needed' };
  const notes = [endpoint ? 'Not yet; this is the endpoint.' : '', name.note].filter(Boolean);
  return `| \`${name.python}\` | ${ours[statusOf(name)]} | ${notes.join(' ')} |`.replace(
    '|  |',
    '| |',
  );
}

function code(ours: string): string {
  const [, job] = /^job:(.+)$/.exec(ours) ?? [];
  return job === undefined ? `\`${ours}\`` : `\`syn.runJob\` (\`${job}\`)`;
}
