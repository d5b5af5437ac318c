/** Members that differ between two servers although their state is the same: when and in which order things were made. */
const volatile =
  /^(etag|createdOn|creationDate|modifiedOn|roundStart|uploadedOn|resourceEtag|entityBundleJSON|stateHash|eligibilityStateHash)$/i;

/**
 * The state of a server without what tells one server from another: ids become the names that the scenario gives them, and times and
 * etags are left out. Lists keep their order.
 *
 * @param state - Answers of the service.
 * @param ids - The ids that the scenario knows, by name: `{ study: 'syn7' }`. Ids within texts are replaced too.
 */
export function comparable(state: unknown, ids: Readonly<Record<string, string>>): unknown {
  const names = Object.entries(ids).sort(([, a], [, b]) => b.length - a.length);
  const rename = (text: string): string =>
    names.reduce((renamed, [name, id]) => renamed.replaceAll(wholeWord(id), `<${name}>`), text);
  const convert = (value: unknown): unknown => {
    if (typeof value === 'string') return rename(value);
    if (typeof value === 'number')
      return names.some(([, id]) => id === String(value)) ? rename(String(value)) : value;
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value).filter(([key]) => !volatile.test(key));
    return Object.fromEntries(kept.map(([key, one]) => [rename(key), convert(one)]));
  };
  return convert(state);
}

function wholeWord(id: string): RegExp {
  return new RegExp(`(?<![\\w.])${id}(?!\\w)`, 'g');
}
