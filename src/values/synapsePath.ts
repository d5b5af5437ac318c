import { ArgumentError } from '../errors.js';
import { isSynapseId, parseSynapseId } from './ids.js';
import { quoted } from './quoted.js';

const scheme = 'syn://';

/** The parts of a path such as `syn://Project/folder/file@3`. */
export interface SynapsePath {
  /** The id that the path begins with, if it does not begin with the name of a project. */
  id?: string;
  /** The names, from the top down. */
  names: readonly string[];
  version?: number;
  /** Whether the path ends in a slash: it stands for a project or folder. */
  isContainer: boolean;
}

/**
 * Splits a path into its parts. Names are taken as they are: nothing is decoded, and only a slash separates them. What follows the
 * last `@` is a version if it consists of digits and the path does not end in a slash.
 *
 * @throws {@link ArgumentError} for a path without a name, or with an empty one.
 */
export function parseSynapsePath(text: string): SynapsePath {
  const path = text.trim().slice(scheme.length);
  const isContainer = path.endsWith('/');
  const names = (isContainer ? path.slice(0, -1) : path).split('/').map((name) => name.trim());
  if (names.includes('')) {
    throw new ArgumentError(
      `${quoted(text)} has an empty name: write syn://Project/folder/file, or syn://syn123/file.`,
    );
  }
  const last = names.at(-1) ?? '';
  const at = isContainer ? -1 : last.lastIndexOf('@');
  const hasVersion = at > 0 && /^\d+$/.test(last.slice(at + 1));
  if (hasVersion) names[names.length - 1] = last.slice(0, at).trim();
  const version = hasVersion ? versionNumber(last.slice(at + 1), text) : undefined;
  return { ...topOf(names, version, text), isContainer };
}

/** A first name that is an id stands for that entity. */
function topOf(
  names: string[],
  version: number | undefined,
  text: string,
): Pick<SynapsePath, 'id' | 'names' | 'version'> {
  const [first = '', ...below] = names;
  if (!isSynapseId(first)) return { names, version };
  const { id, version: inId } = parseSynapseId(first);
  if (inId === undefined) return { id, names: below, version };
  if (below.length > 0) {
    throw new ArgumentError(
      `${quoted(text)} has something below version ${inId} of ${id}, but a project or folder has no versions: write ${scheme}${id}/...`,
    );
  }
  if (version === undefined) return { id, names: below, version: inId };
  throw new ArgumentError(`${quoted(text)} has two versions: write ${scheme}${id}@${version}.`);
}

function versionNumber(digits: string, text: string): number {
  const version = Number(digits);
  if (Number.isSafeInteger(version) && version >= 1) return version;
  throw new ArgumentError(`${quoted(text)}: ${digits} is not a version: versions begin at 1.`);
}
