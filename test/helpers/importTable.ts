/**
 * Parses the table "Who may import whom" of CONTRIBUTING.md. A row with a bold name defines a group; a bold name in another
 * row stands for what that group may import.
 *
 * @returns For each layer, the beginnings of the paths that it may import, its own included.
 */
export function importTable(text: string): Map<string, string[]> {
  const [, section = ''] = text.split('## Who may import whom');
  const [own = ''] = section.split('\n## ');
  const rows = new Map<string, string[]>();
  for (const [, importer = '', imported = ''] of own.matchAll(/^\| (\S+) +\| (.*) \|$/gm)) {
    rows.set(importer, imported.match(/`[^`]+`|\*\*\w+\*\*/g) ?? []);
  }
  const resolve = (name: string): string[] => {
    if (!name.startsWith('**')) return [path(name)];
    const group = rows.get(name);
    if (group === undefined) throw new Error(`The table has no row ${name}.`);
    return group.flatMap(resolve);
  };
  const layers = [...rows].filter(([importer]) => importer.startsWith('`'));
  return new Map(
    layers.map(([importer, names]) => [
      path(importer),
      [path(importer), ...names.flatMap(resolve)],
    ]),
  );
}

function path(name: string): string {
  return name.replaceAll('`', '');
}
