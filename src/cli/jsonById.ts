/** Joins the JSON of entities. For one entity, returns its JSON; for several, an object whose keys are the ids, one member a line. */
export function jsonById(texts: ReadonlyMap<string, string>, isOne: boolean): string {
  const [first = ''] = texts.values();
  if (isOne) return first;
  if (texts.size === 0) return '{}';
  const members = [...texts].map(([id, text]) => `  ${JSON.stringify(id)}: ${text}`);
  return `{\n${members.join(',\n')}\n}`;
}
