import { isPlain } from '../isPlain.js';

type Json = Readonly<Record<string, unknown>>;

/** What {@link selectFields} found. */
export interface Selection {
  /** The value with the fields alone. A field that an object lacks is `null`, so that all items of a list are alike. */
  selected: unknown;
  /** The fields that no object has, each with the names that are there instead. */
  missing: Map<string, Set<string>>;
}

/**
 * Keeps some fields of an object, or of each object of a list. `annotations.tissue` is the field `tissue` of `annotations`. A
 * name with dots is found, too. Lists on the way are gone through: `results.id` is the `id` of each result.
 *
 * @param value - Plain data.
 */
export function selectFields(value: unknown, fields: readonly string[]): Selection {
  const found = new Set<string>();
  const missing = new Map<string, Set<string>>();
  const pick = (from: unknown, wanted: readonly string[], prefix: string): unknown => {
    if (wanted.includes('')) {
      found.add(prefix.slice(0, -1));
      return from;
    }
    if (Array.isArray(from)) return from.map((each) => pick(each, wanted, prefix));
    const names = isPlain(from) ? Object.keys(from) : [];
    const groups = new Map<string, string[]>();
    for (const field of wanted) {
      const key = isPlain(from) ? longestKey(from, field) : undefined;
      const name = key ?? field.split('.', 1)[0] ?? '';
      const rests = groups.get(name) ?? [];
      groups.set(name, rests);
      if (key !== undefined) rests.push(field.slice(key.length + 1));
      else note(missing, prefix + field, names);
    }
    if (!isPlain(from)) return null;
    return Object.fromEntries(
      [...groups].map(([key, rests]) => [
        key,
        rests.length === 0 ? null : pick(from[key], rests, `${prefix}${key}.`),
      ]),
    );
  };
  const selected = pick(value, fields, '');
  for (const field of found) missing.delete(field);
  return { selected, missing };
}

function note(missing: Map<string, Set<string>>, field: string, names: readonly string[]): void {
  const known = missing.get(field) ?? new Set();
  for (const name of names) known.add(name);
  missing.set(field, known);
}

/** The name of a member that a path begins with, the longest if there are several. */
function longestKey(object: Json, path: string): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const key = path.slice(0, end);
    if (Object.hasOwn(object, key)) return key;
  }
  return undefined;
}
