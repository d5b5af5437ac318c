import { describe, expect } from '@jest/globals';
import { userNameOf, type NamedUser } from '../../src/values/userName.js';
import { ArgumentError } from '../../src/errors.js';
import {
  concreteTypeOf,
  entityVersionOf,
  idOf,
  isSynapseId,
  submissionIdOf,
} from '../../src/values/ids.js';
import { escapeColumnName, joinColumnNames, tableIdOfQuery } from '../../src/values/sql.js';
import { isManifestFileName, parseBoolean } from '../../src/values/manifestValues.js';
import { asUrl, fileUrlToPath, guessFileName, hasSameBase, isUrl } from '../../src/values/urls.js';
import { numberOf, outcomeOf, readVectors, tagOf, testEach } from './readVectors.js';

interface Input {
  fn: string;
  args: unknown[];
}
type Helper = (...args: never[]) => unknown;

const helpers: Record<string, Helper> = {
  is_synapse_id_str: (value: unknown) => (isSynapseId(value) ? value.trimEnd() : null),
  get_synid_and_version: (value: unknown) => {
    const { id, version } = entityVersionOf(value);
    return [id, version ?? null];
  },
  id_of: idOf,
  validate_submission_id: submissionIdOf,
  concrete_type_of: concreteTypeOf,
  is_url: isUrl,
  as_url: asUrl,
  file_url_to_path: (url: string) => fileUrlToPath(url) ?? null,
  is_same_base_url: hasSameBase,
  guess_file_name: guessFileName,
  extract_synapse_id_from_query: tableIdOfQuery,
  extract_user_name: (user: NamedUser) => userNameOf(user),
  manifest_file_name_ok: isManifestFileName,
  escape_column_name: (column: string | number | { name: string }) =>
    escapeColumnName(typeof column === 'object' ? column : String(column)),
  join_column_names: (columns: string[]) => joinColumnNames(columns),
  bool_or_none: (value: unknown) => parseBoolean(value) ?? null,
};

/** A departure from the Python client: which inputs, and what happens instead. */
interface Departure {
  reason: string;
  applies: (fn: string, arg: unknown, recorded: unknown) => boolean;
  /** The value instead; an {@link ArgumentError} where it is absent. */
  value?: (arg: never) => unknown;
}

const hasOtherDigits = (value: unknown): boolean =>
  typeof value === 'string' && /[^\0-\x7f]/.test(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const takesIds = ['id_of', 'get_synid_and_version', 'validate_submission_id'];
const numeric = (arg: unknown): unknown => numberOf(tagOf(arg) ?? {}) ?? arg;

/** What an object is known by, or the value itself. */
function idIn(arg: unknown): unknown {
  if (!isObject(arg) || tagOf(arg)) return numeric(arg);
  const ids = [arg['id'], arg['ownerId'], arg['tableId']];
  return numeric(ids.find((id) => id !== undefined && id !== null));
}

const departures: Departure[] = [
  {
    reason: 'JavaScript has one type of number: 2.0 is 2',
    applies: (fn, arg) => fn === 'id_of' && typeof tagOf(arg)?.$float === 'string',
    value: (arg: object) => String(numeric(arg)),
  },
  {
    reason: 'an id is a text or a number; a boolean or a list is none',
    applies: (fn, arg) =>
      takesIds.includes(fn) && !['string', 'number', 'bigint'].includes(typeof idIn(arg)),
  },
  {
    reason: 'entities of this client have no `properties` of which their members are a part',
    applies: (fn, arg) => takesIds.includes(fn) && isObject(arg) && 'properties' in arg,
  },
  {
    reason: 'a version is a number; anything else in its place is not read as one',
    applies: (fn, arg) =>
      fn === 'get_synid_and_version' &&
      isObject(arg) &&
      'versionNumber' in arg &&
      typeof arg['versionNumber'] !== 'number',
    value: (arg: object) => [String(idIn(arg)), null],
  },
  {
    reason: 'there is no version beyond 2^53',
    applies: (fn, _arg, recorded) =>
      fn === 'get_synid_and_version' && Array.isArray(recorded) && isObject(recorded[1]),
  },
  {
    reason: 'ids have the digits 0 to 9, as the server reads no others',
    applies: (fn, arg) =>
      ['extract_synapse_id_from_query', 'get_synid_and_version'].includes(fn) &&
      /syn[\d.]*[^\0-\x7f]/i.test(typeof arg === 'string' ? arg : ''),
  },
  {
    reason: 'the same, where it is a question',
    applies: (fn, arg) => fn === 'is_synapse_id_str' && hasOtherDigits(arg),
    value: () => null,
  },
  {
    reason: 'a name in quotes is no code: the table is the one after the FROM of the query',
    applies: (fn, arg) =>
      fn === 'extract_synapse_id_from_query' && arg === 'select "from syn1" from syn2',
    value: () => 'syn2',
  },
  {
    reason: 'a submission id is digits, with a fraction at most; nothing else that is a number',
    applies: (fn, arg) =>
      fn === 'validate_submission_id' && !/^\s*[0-9]+(\.[0-9]*)?\s*$/.test(String(idIn(arg))),
  },
  {
    reason: 'the fraction of a submission id is cut; what is before it is never rounded',
    applies: (fn, arg) => fn === 'validate_submission_id' && String(idIn(arg)).includes('.'),
    value: (arg: unknown) => String(idIn(arg)).trim().replace(/\..*/, ''),
  },
  {
    reason:
      'an address without a path names no file; Python takes the name of the current directory',
    applies: (fn, _arg, recorded) => fn === 'guess_file_name' && recorded === '{CWD_BASENAME}',
  },
  {
    reason: 'no file name has a line end',
    applies: (fn, arg) =>
      fn === 'manifest_file_name_ok' && typeof arg === 'string' && arg.endsWith('\n'),
    value: () => false,
  },
];

// Departure: helpers that no file, request or output of the two clients depends on, and that this client
// has no use for: calls and pages are typed, SQL is sent as it was written, names come from file handles, and texts for people
// have a form of their own.
const notShared = [
  'extract_filename',
  'extract_prefix',
  'format_time_interval',
  'humanizeBytes',
  'is_integer',
  'is_json',
  'limit_and_offset',
  'normalize_whitespace',
  'query_limit_and_offset',
  'snake_case',
];

const cases = readVectors<Input>('ids').filter(({ input }) => !notShared.includes(input.fn));

describe('ids, URLs, names and texts', () => {
  testEach(cases, async ({ input: { fn, args }, expected }) => {
    const values = args.map(numeric);
    const helper = helpers[fn];
    if (helper === undefined) throw new Error(`unknown function ${fn}`);
    const got = await outcomeOf(() => helper(...(values as never[])));
    const departure = departures.find(({ applies }) => applies(fn, args[0], expected.value));
    const { value } = departure ?? {};
    if (departure ? value === undefined : expected.error) {
      expect(got.error).toEqual(expect.any(ArgumentError));
    } else {
      expect(got).toEqual({ value: departure ? value?.(args[0] as never) : expected.value });
    }
  });
});
