import type { Seed } from './withSeed.js';

/** How a command is tried. */
export interface Row {
  /** A command line that succeeds, after `synapse`. `{name}` stands for a value of the seed. */
  line: string;
  /** Standard input. */
  input?: string;
  /** Who runs it. @default 'alice' */
  user?: 'bob' | 'carol';
  /** The exit status. @default 0 */
  status?: number;
  /** Why the command has no flag --json. */
  noJson?: string;
  /** Runs until Ctrl-C, which it gets after its first output. */
  endless?: boolean;
  /** Statuses for ids that do not exist, by the name in the seed, with the reason in a comment. @default 4 for each */
  unknown?: Readonly<Record<string, number>>;
  /** Statuses for what is no Synapse id, by the name in the seed. @default 2 for each */
  malformed?: Readonly<Record<string, number>>;
}

// Synapse does not say whether an evaluation exists.
const hiddenEvaluation = { evaluation: 1 };

/** A row for each command. A new command without one fails a test. */
export const rows: Readonly<Record<string, string | Row>> = {
  'access grant': '{folder} bob download',
  'access list': '{project}',
  'access requirements': '{project}',
  'access reset': '{other} --yes',
  'access revoke': '{bucketFolder} bob',
  // The answer is that there is no such entity.
  'access why': { line: '{file} bob', unknown: { file: 0 } },
  // Synapse alone knows what an id is.
  api: { line: 'entity.getEntity --id {project}', malformed: { project: 1 } },
  associate: 'counts.csv',
  'auth status': '',
  autocomplete: 'bash',
  'autocomplete install': '--shell bash',
  'cache list': '',
  'cache prune': '--older-than 30d --yes',
  'cache size': '',
  'cache verify': '',
  cat: { line: '{file}', noJson: 'prints the bytes of a file' },
  config: '--auth-token-file login.txt --config-path written.synapseConfig',
  cp: '{file} --destination-id {other}',
  create: 'Folder --name new --parent-id {project}',
  'dataset create': 'release --parent-id {project} --item {file}',
  delete: '{doomed}',
  // They differ.
  diff: { line: 'results {other}', status: 1 },
  doctor: '',
  'doi create': '{file} --title "RNA counts" --creator "Alice Example"',
  'doi show': '{restored}',
  'discussion list': '{project}',
  'discussion post': '{project} --title Sensors --body text',
  'discussion reply': '{thread} --body "It was a broken sensor."',
  'discussion show': '{thread}',
  // What cannot be added is listed.
  'download-list add': { line: '{file}', unknown: { file: 5 } },
  'download-list clear': { line: '--yes', user: 'carol' },
  'download-list list': '',
  'download-list manifest': 'listed.csv',
  // It is no error to remove what is not on the list.
  'download-list remove': { line: '{restored}', unknown: { restored: 0 } },
  'evaluation create': '"Round 2" --project {project}',
  'evaluation delete': '{doomedEvaluation} --yes',
  'evaluation download': { line: '{evaluation} submitted', unknown: hiddenEvaluation },
  // A list of none.
  'evaluation list': { line: '--project {project}', unknown: { project: 0 } },
  'evaluation score': { line: '{evaluation} scores.csv', unknown: hiddenEvaluation },
  'evaluation show': '{evaluation}',
  'evaluation submissions': { line: '{evaluation}', unknown: hiddenEvaluation },
  'favorite add': '{project}',
  'favorite list': '',
  // It is no error to remove what is no favorite.
  'favorite remove': { line: '{folder}', unknown: { folder: 0 } },
  get: '{file} --download-location got',
  'get-annotations': '{file}',
  'get-download-list': { line: '--download-location listed', user: 'bob' },
  'get-provenance': '{file}',
  'get-sts-token': '{bucketFolder} read_only',
  head: { line: '{file} --lines 1', noJson: 'prints the bytes of a file' },
  list: '{project}',
  'local export': 'fixture --data exported-data',
  'local reset': '--data reset-data --yes',
  'local start': { line: '', endless: true },
  'local status': '',
  lock: '{folder} --output data.lock',
  login: '',
  // There is no keychain.
  logout: { line: '', status: 1 },
  manifest: 'results --parent-id {other} --manifest-file manifest.csv',
  'manifest merge': 'part-1.csv part-2.csv --output merged.csv',
  'message archive': '{message}',
  'message list': '',
  'message reply': '{message} --body "Thank you!"',
  'message send': '--to bob --subject Done --body "The upload is complete."',
  'message show': '{message}',
  // Only the locations of the caller count.
  migrate: { line: '{bucketFolder} {location} migration.db --dry-run', unknown: { location: 2 } },
  mv: '{moving} {other}',
  // Printing an address asks nothing of Synapse.
  open: { line: '{file} --print', unknown: { file: 0 } },
  'provenance graph': '{file}',
  query: '"select * from {table}"',
  restore: 'given.lock --download-location restored',
  'set-annotations': '{labelled} --annotations \'{"assay": "rnaSeq"}\'',
  // Synapse records inputs without looking at them.
  'set-provenance': {
    line: '{labelled} --name "Quality control" --used {file}',
    unknown: { file: 0 },
  },
  search: 'counts',
  show: '{file}',
  'storage create': 'externalS3 --bucket lab-data --base-key mice',
  'storage reset': '{other} --yes',
  'storage set': '{wikiTarget} default',
  'storage show': '{folder}',
  'storage usage': '{project}',
  store: 'new.csv --parent-id {folder}',
  'store-table': '--name stored --parentid {project} --csv visits.csv',
  submit: '--evaluation {evaluation} --entity {file}',
  sync: 'manifest.tsv --dry-run',
  'table append': '{appended} visits.csv',
  'table create': 'made --parent-id {project} --csv visits.csv',
  'table delete-rows': '{shortened} --row 1 --yes',
  'table describe': '{table}',
  'table schema': '{altered} --add notes:STRING',
  'table snapshot': '{snapped} --label v1',
  'table types': '{table}',
  'table update': '{updated} changed.csv',
  'table upsert': '{upserted} visits.csv --key patient',
  'team create': '"Rat lab"',
  'team delete': '{deletedTeam} --yes',
  'team invite': '{team} bob',
  'team join': '{openTeam}',
  'team leave': '{leftTeam} --yes',
  'team list': '',
  'team members': '{team}',
  'team remove': '{reducedTeam} bob --yes',
  'team requests': '{requestedTeam} --accept bob',
  'team show': '{team}',
  tree: '{project}',
  'user search': 'ali',
  'user show': 'bob',
  'version label': '{labelled} --label v1.0',
  'version list': '{restored}',
  'version restore': '{restored} --version 1',
  'view create': 'files --parent-id {project} --scope {project}',
  'wiki copy': '{project} {wikiTarget}',
  'wiki delete': '{changing} --page {doomedPage} --yes',
  'wiki export': '{project} exported',
  'wiki history': '{project} --page {page}',
  'wiki import': 'pages {folder}',
  'wiki list': '{project}',
  'wiki restore': '{project} 0 --page {page}',
  'wiki show': '{project}',
  'wiki store': '{other} --title Home --markdown "# Hello" --quiet',
};

/** The row of a command in full. */
export function rowOf(id: string): Row {
  const row = rows[id];
  if (row === undefined)
    throw new Error(`synapse ${id} has no row in test/cli/everyCommand/rows.ts`);
  return typeof row === 'string' ? { line: row } : row;
}

/** The words of a command line as a shell divides them, with values for `{name}`. */
export function wordsOf(id: string, line: string, seed: Seed): string[] {
  const words = [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(
      /"([^"]*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => double ?? single ?? '',
    ),
  );
  return [...id.split(' '), ...words.map((word) => filled(word, seed))];
}

function filled(word: string, seed: Seed): string {
  return word.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = seed[name];
    if (value === undefined) throw new Error(`The seed has no ${name}`);
    return value;
  });
}
