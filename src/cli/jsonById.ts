/** JSON of entities by their ids: that of a single one as it is, of several as an object with a line for each. */
export function jsonById(texts: ReadonlyMap<string, string>, isOne: boolean): string {
  const [first = ''] = texts.values();
  if (isOne) return first;
  if (texts.size === 0) return '{}';
  const members = [...texts].map(([id, text]) => `  ${JSON.stringify(id)}: ${text}`);
  return `{\n${members.join(',\n')}\n}`;
}
