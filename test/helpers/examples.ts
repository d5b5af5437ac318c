import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** An example in a document or in a comment. */
export interface Example {
  /** `README.md:63` */
  place: string;
  text: string;
}

/** The examples of one language in a Markdown file. */
export function markdownExamples(path: string, language: string): Example[] {
  const content = readFileSync(join(root, path), 'utf8');
  const blocks = content.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'));
  return [...blocks].map(({ 1: text = '', index }) => ({
    place: `${path}:${lineAt(content, index)}`,
    text,
  }));
}

/** The `@example`s in the comments of a source file. */
export function commentExamples(path: string): Example[] {
  const content = readFileSync(join(root, path), 'utf8');
  const blocks = content.matchAll(/^ *\* @example\n((?: *\* (?!@).*\n| *\*\n)+)/gm);
  return [...blocks].map(({ 1: text = '', index }) => ({
    place: `${path}:${lineAt(content, index)}`,
    text: text.replace(/^ *\* ?/gm, ''),
  }));
}

function lineAt(content: string, index: number): number {
  return content.slice(0, index).split('\n').length;
}

/** The modules that examples may leave out the import of, with the names that each gives. */
const modules: Readonly<Record<string, readonly string[]>> = {
  synapseclient: [
    'defineTable',
    'EntityView',
    'File',
    'Folder',
    'Link',
    'Project',
    'sql',
    'Synapse',
    'Table',
  ],
  'synapseclient/server': ['startLocalSynapse'],
  'synapseclient/rest': ['createRestClient'],
  'synapseclient/types': ['isA'],
  '@jest/globals': ['afterAll', 'beforeAll', 'expect', 'test'],
};

/** The variables that examples may use without creating them. Each may use those before it. */
const variables: Readonly<Record<string, string>> = {
  accessToken: "const accessToken = 'token';",
  local: 'const local = await startLocalSynapse();',
  syn: 'const syn = new Synapse();\nawait syn.login();',
  Mouse:
    "const Mouse = defineTable({ name: 'mice', columns: { tag: 'STRING', strain: 'STRING', born: 'DATE', weight: 'DOUBLE', genes: 'STRING_LIST' } });",
  mice: "const mice = await syn.store(new Table({ parent: 'syn123', columns: Mouse }));",
  view: "const view = await syn.get(EntityView, 'syn789');",
};

/** Makes a module of an example: adds the imports and the variables that a reader has from an earlier one. */
export function asModule({ text }: Example): string {
  const code = Object.entries(variables).reduceRight(
    (used, [name, declaration]) =>
      uses(used, name) && !new RegExp(`(?:const|let) ${name}\\b`).test(text)
        ? `${declaration}\n${used}`
        : used,
    text,
  );
  const imports = Object.entries(modules).flatMap(([module, names]) => {
    const needed = names.filter((name) => uses(code, name) && !isImported(code, name));
    return needed.length > 0 ? [`import { ${needed.join(', ')} } from '${module}';`] : [];
  });
  return [...imports, code, 'export {};', ''].join('\n');
}

function uses(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w.'/])${name}\\b(?!:)`).test(code.replace(/\/\/.*$/gm, ''));
}

function isImported(code: string, name: string): boolean {
  return new RegExp(`^import .*\\b${name}\\b.* from`, 'm').test(code);
}
