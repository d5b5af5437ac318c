/**
 * The long flags of each command of the Python client. They can be abbreviated, as argparse allows it.
 *
 * `*`: any number of values follows, also none. `?`: without a value it means `STDOUT`.
 */
const spellings = {
  '(global)': 'version username password profile configPath debug silent skip-checks otel help',
  associate: 'limitSearch',
  cat: 'version',
  config: '',
  cp: 'destinationId version setProvenance updateExisting skipCopyAnnotations excludeTypes* skipCopyWiki',
  create: 'parentid parentId name description descriptionFile',
  delete: 'version',
  get: 'query version recursive followLink limitSearch downloadLocation multiThreaded manifest',
  'get-annotations': 'id output?',
  'get-download-list': 'downloadLocation',
  'get-provenance': 'id version output?',
  'get-sts-token': 'output',
  list: 'recursive long modified',
  login: 'username password rememberMe remember-me',
  manifest: 'parent-id manifest-file',
  migrate:
    'source_storage_location_ids* file_version_strategy include_table_files continue_on_error csv_log_path dryRun force',
  mv: 'id parentid parentId',
  onweb: '',
  query: '',
  'set-annotations': 'id annotations replace',
  'set-provenance': 'id name description output? used* executed* limitSearch',
  show: 'limitSearch',
  store:
    'parentid parentId id type name description descriptionFile used* executed* limitSearch noForceVersion annotations replace file',
  'store-table': 'name parentid parentId csv',
  submit:
    'evaluationID evaluationId evalID evaluationName evalN evaluation entity eid entityId id file parentId parentid parent name teamName ' +
    'team submitterAlias alias used* executed* limitSearch',
  sync: 'dryRun sendMessages retries',
};

// Until 2020 these could also be written with one dash.
const withOneDash: ReadonlySet<string> = new Set([
  'description',
  'descriptionFile',
  'executed',
  'id',
  'limitSearch',
  'name',
  'output',
  'parentId',
  'parentid',
  'type',
  'used',
]);

/** How a flag of the Python client is used. */
export interface PythonFlag {
  name: string;
  values: 'any' | 'optional' | undefined;
  /** Whether it can also be written with one dash: `-parentid`. */
  isShort: boolean;
}

/** The flags that the Python client has for a command; none for a command that it does not have. @param command - `(global)`: before the command */
export function pythonFlags(command: string): PythonFlag[] {
  if (!Object.hasOwn(spellings, command)) return [];
  const words = spellings[command as keyof typeof spellings].split(' ').filter(Boolean);
  return words.map((word) => {
    const name = word.replace(/[*?]$/, '');
    const values = word.endsWith('*') ? 'any' : word.endsWith('?') ? 'optional' : undefined;
    return { name, values, isShort: withOneDash.has(name) };
  });
}
