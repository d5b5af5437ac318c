import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { importTable } from './helpers/importTable.js';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What each layer may import, in the order of the table. A file belongs to the first one that its path begins with. */
const layers = importTable(read('CONTRIBUTING.md'));

/** What the library may not reach: command-line packages, the server's engine. */
const packagesOf: Record<string, RegExp> = {
  'src/cli/': /^(node:.*|@oclif\/core|@inquirer\/(input|password))$/,
  'src/server/':
    /^(node:.*|@silvia-odwyer\/photon-node|ajv(\/.*)?|jose|lossless-json|mime-types|node-sqlite3-wasm|re2js|yaml|yazl)$/,
  'src/migrate/': /^(node:.*|node-sqlite3-wasm)$/,
  'generated/': /^$/,
};
const libraryPackages =
  /^(node:.*|lossless-json|openapi-fetch|p-retry|socks|keytar|mime-types|basic-ftp|ssh2|@aws-sdk\/client-s3|apache-arrow|parquet-wasm)$/;

const importPattern =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)|new URL\('(\.[^']+\.js)', import\.meta/gm;

const files = ['src', 'generated', 'codegen'].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${top}/${name}`),
);

function importsOf(file: string): string[] {
  return [...read(file).matchAll(importPattern)].map((m) => m[1] ?? m[2] ?? m[3] ?? m[4] ?? '');
}

function layerOf(file: string): string | undefined {
  return [...layers.keys()].find((prefix) => file.startsWith(prefix));
}

describe('who may import whom', () => {
  test('every file belongs to a layer', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  test('every layer of the table exists', () => {
    const named = [...layers].flat(2);
    expect(layers.size).toBeGreaterThan(20);
    expect(named.filter((name) => !files.some((file) => file.startsWith(name)))).toEqual([]);
  });

  test('no import goes against the direction of the layers', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const allowed = layers.get(layerOf(file) ?? '') ?? [];
      for (const specifier of importsOf(file).filter((name) => name.startsWith('.'))) {
        const target = relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts');
        if (!allowed.some((prefix) => target.startsWith(prefix))) {
          wrong.push(`${file} -> ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('client code never reaches the embedded server or the server client code', () => {
    const server = files.filter((file) => file.startsWith('src/server/'));
    const clients = files.filter(
      (file) => file.startsWith('src/') && !file.startsWith('src/cli/') && !server.includes(file),
    );
    const crossing = clients.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.includes('/server/'))
        .map((name) => `${file} -> ${name}`),
    );
    expect(crossing).toEqual([]);
  });

  test('packages stay in the layer that they are for', () => {
    const wrong: string[] = [];
    for (const file of files.filter((name) => !name.startsWith('codegen/'))) {
      const layer = layerOf(file) ?? '';
      const allowed = packagesOf[layer] ?? libraryPackages;
      for (const name of importsOf(file)) {
        if (!name.startsWith('.') && !allowed.test(name)) wrong.push(`${file} -> ${name}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('the start of the library', () => {
  const staticImport = /^(?:import|export)\b(?! type\b)[^'";]*?\bfrom\s+'([^']+)'/gm;

  /** The modules that a file imports when it is loaded. Those of this package are paths. */
  const loadedBy = (file: string): string[] =>
    Array.from(read(file).matchAll(staticImport), ([, name = '']) =>
      name.startsWith('.')
        ? relative(root, join(root, dirname(file), name)).replace(/\.js$/, '.ts')
        : name,
    );
  const loaded = new Set(['src/index.ts']);
  // The loop also visits what is added to the set meanwhile.
  for (const one of loaded) {
    if (one.endsWith('.ts')) for (const name of loadedBy(one)) loaded.add(name);
  }
  const modules = [...loaded].filter((name) => name.endsWith('.ts'));

  test('loads no package that only some calls need', () => {
    const light =
      /^(node:(buffer|events|fs|fs\/promises|net|os|path|stream|stream\/consumers|tty|util)|lossless-json|openapi-fetch|p-retry)$/;
    const packages = [...loaded].filter((name) => !name.endsWith('.ts'));
    expect(packages.length).toBeGreaterThan(5);
    expect(packages.filter((name) => !light.test(name))).toEqual([]);
  });

  test('loads a quarter of its modules, and no transfer', () => {
    expect(modules.length).toBeGreaterThan(100);
    expect(modules.length).toBeLessThan(260);
    const heavy =
      /^src\/(copy\/apply|storages\/(ftp|http|local|sftp)|sync\/(diff|download|upload|manifest)|tables\/(arrow|export|types)|transfer\/(down|up)|wiki\/folder)/;
    expect(modules.filter((file) => heavy.test(file))).toEqual([]);
  });

  test('loads the functions of a room when its methods are called', () => {
    const rooms = modules.filter(
      (file) => /^src\/(\w+)\/\1\.ts$/.test(file) && !file.includes('cache'),
    );
    expect(rooms.length).toBeGreaterThan(20);
    const early = rooms.flatMap((room) =>
      loadedBy(room)
        .filter((file) => file.endsWith('.ts') && /^export async function/m.test(read(file)))
        .map((file) => `${room} -> ${file}`),
    );
    expect(early).toEqual([]);
  });
});

describe('the size of things', () => {
  test('no file of src/ is longer than 450 lines', () => {
    const lines = (file: string): number => read(file).trimEnd().split('\n').length;
    const long = files.filter((file) => file.startsWith('src/') && lines(file) > 450);
    expect(long).toEqual([]);
  });

  test('every room has a class in a file and a folder of its name', () => {
    const rooms = [...read('src/rooms.ts').matchAll(/^ {2}get (\w+)\(\): (\w+) \{/gm)];
    expect(rooms.length).toBeGreaterThan(5);
    for (const [, room = '', className = ''] of rooms) {
      expect(className).toBe(`${room.charAt(0).toUpperCase()}${room.slice(1)}`);
      expect(read(`src/${room}/${room}.ts`)).toContain(`export class ${className} {`);
    }
  });
});

describe('"sideEffects": false', () => {
  const declarations =
    /^(?:import (?!')|(?:export|const|let|async function\*?|function\*?|abstract class|class|interface|type|declare) )/;

  test('no module of the library does anything when it is imported', () => {
    const statements = files
      .filter((file) => /^(src|generated)\//.test(file) && !file.startsWith('src/cli/'))
      .flatMap((file) => {
        const lines = read(file)
          .replace(/`[^`]*`/g, '``')
          .split('\n');
        // Prettier puts statements of the top level, and nothing else, in the first column.
        const starts = lines.filter((line) => /^\w/.test(line));
        return starts.filter((line) => !declarations.test(line)).map((line) => `${file}: ${line}`);
      });
    expect(statements).toEqual([]);
  });
});
