import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';

/** Which versions of a file are migrated, and how. */
export const fileVersionStrategies = ['new', 'latest', 'all', 'skip'] as const;

/**
 * Which versions of a file are migrated, and how: `new` creates a version with the copy and keeps the others; `latest` and `all`
 * replace the content of the latest version, or of all versions; `skip` migrates no files, only cells of tables.
 */
export type FileVersionStrategy = (typeof fileVersionStrategies)[number];

/** What an index is about. An index is continued only with the settings that it was created with. */
export interface MigrationSettings {
  rootId: string;
  destinationStorageLocationId: string;
  /** Only files of these are migrated; empty for files of all. */
  sourceStorageLocationIds: readonly string[];
  fileVersionStrategy: FileVersionStrategy;
  includeTableFiles: boolean;
}

/** The members of the settings in the database. They are those of the Python client. */
interface StoredSettings {
  root_id: string;
  dest_storage_location_id: string;
  source_storage_location_ids: readonly string[];
  file_version_strategy: string;
  include_table_files: number;
}

/** Writes settings as the Python client does. */
export function writeSettings(settings: MigrationSettings): string {
  const stored: StoredSettings = {
    root_id: settings.rootId,
    dest_storage_location_id: settings.destinationStorageLocationId,
    source_storage_location_ids: settings.sourceStorageLocationIds,
    file_version_strategy: settings.fileVersionStrategy,
    include_table_files: settings.includeTableFiles ? 1 : 0,
  };
  return JSON.stringify(stored);
}

/** Reads settings that this client or the Python client has written. @returns `undefined` when they cannot be read */
export function readSettings(json: string): MigrationSettings | undefined {
  const stored = parse(json);
  const {
    root_id: rootId,
    dest_storage_location_id: destination,
    source_storage_location_ids: sources,
    file_version_strategy: strategy = 'new',
    include_table_files: tables = false,
  } = stored ?? {};
  const fileVersionStrategy = fileVersionStrategies.find((each) => each === strategy);
  if (typeof rootId !== 'string' || !isId(destination) || fileVersionStrategy === undefined) {
    return undefined;
  }
  return {
    rootId,
    destinationStorageLocationId: String(destination),
    sourceStorageLocationIds: Array.isArray(sources) ? sources.map(String) : [],
    fileVersionStrategy,
    includeTableFiles: Boolean(tables),
  };
}

function isId(value: unknown): value is number | string {
  return typeof value === 'string' || typeof value === 'number';
}

function parse(json: string): Partial<Record<keyof StoredSettings, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The settings as messages name them, and as they are compared. */
const comparable: Readonly<Record<string, (settings: MigrationSettings) => string>> = {
  entity: ({ rootId }) => rootId,
  'destination storage location': (settings) => settings.destinationStorageLocationId,
  'source storage locations': ({ sourceStorageLocationIds: ids }) =>
    ids.length === 0 ? 'all' : [...new Set(ids)].sort().join(', '),
  'file version strategy': ({ fileVersionStrategy }) => fileVersionStrategy,
  'table files': ({ includeTableFiles }) => (includeTableFiles ? 'included' : 'not included'),
};

/** @throws {@link ArgumentError} that names all settings that differ from those of the index */
export function requireSameSettings(
  path: string,
  stored: MigrationSettings,
  wanted: MigrationSettings,
): void {
  const differences = Object.entries(comparable).flatMap(([name, text]) => {
    const [before, now] = [text(stored), text(wanted)];
    return before === now ? [] : [`${name}: ${before} in the index, ${now} now`];
  });
  if (differences.length === 0) return;
  throw new ArgumentError(
    `The index ${path} was created with other settings (${differences.join('; ')}). ` +
      'Use the same settings to continue it, or another path for a new index.',
  );
}

/**
 * Checks the settings of a new index.
 *
 * @throws {@link ArgumentError} for an unknown strategy, for ids that are no numbers, and when nothing would be migrated.
 */
export function checkSettings(settings: MigrationSettings): void {
  const { fileVersionStrategy, includeTableFiles, sourceStorageLocationIds } = settings;
  const destination = settings.destinationStorageLocationId;
  if (!fileVersionStrategies.includes(fileVersionStrategy)) {
    throw new ArgumentError(
      `The file version strategy is one of ${fileVersionStrategies.join(', ')}, not ${quoted(fileVersionStrategy)}.`,
    );
  }
  if (fileVersionStrategy === 'skip' && !includeTableFiles) {
    throw new ArgumentError(
      'The file version strategy "skip" leaves out all files, and the files of tables are not included: nothing would be migrated.',
    );
  }
  const wrong = [destination, ...sourceStorageLocationIds].find((id) => !/^\d{1,18}$/.test(id));
  if (wrong !== undefined) {
    throw new ArgumentError(`${quoted(wrong)} is not the id of a storage location: a number.`);
  }
}
