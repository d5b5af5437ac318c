import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build, type OnResolveResult, type Plugin } from 'esbuild';
import { bundledLicenses } from './bundledLicenses.js';

/**
 * Puts the library and the command line into few files. They are some 500 modules, with oclif and three small packages of the
 * library 700, and finding and reading one takes longer than running it.
 *
 * One build for all, so that there is one copy of everything: a class of errors is the same class for the command line, for the
 * embedded server and for programs that import the package. What is loaded with `import()` stays in files of its own.
 */
const root = join(import.meta.dirname, '..');
const { dependencies, peerDependencies, optionalDependencies, exports } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as Record<'dependencies' | 'peerDependencies' | 'optionalDependencies', object> & {
  exports: Record<string, string | { default: string }>;
};

/** The modules that can be imported from the package. */
const published = Object.values(exports)
  .flatMap((entry) => (typeof entry === 'string' ? [] : entry.default))
  .map((file) => file.replace(/^\.\/dist\/|\.js$/g, ''))
  .map((name) => ({ in: join(root, `${name}.ts`), out: name }));

/**
 * The part of oclif that runs a command: the class of commands, and the parser. Its index would load the rest as well: plugins, help
 * and the lookup of commands, for which this command line has its own code.
 */
const oclif = `
  export { Command } from '@oclif/core/command';
  export * as Args from '@oclif/core/args';
  export * as Flags from '@oclif/core/flags';
`;

/**
 * What replaces parts of oclif, and the packages behind them, that the class of commands and the parser refer to, but that this
 * command line does not use. They would take half of the time until a command runs.
 */
const unusedParts: Readonly<Record<string, string>> = {
  // A command is given its configuration.
  'config/index.js': 'exports.Config = class { static load(config) { return config; } }',
  'help/index.js': '',
  'help/util.js': 'exports.normalizeArgv = () => []',
  // Errors are formatted by this command line, and results are printed without colors.
  'errors/handle.js': '',
  'errors/errors/pretty-print.js':
    'exports.__esModule = true; exports.default = (error) => error.message; exports.applyPrettyPrintOptions = (error) => error',
  'ux/list.js': "exports.__esModule = true; exports.default = () => ''",
  'ux/theme.js': 'exports.colorize = (color, text) => text; exports.parseTheme = () => ({})',
  'ux/action/simple.js': 'exports.__esModule = true; exports.default = class { stop() {} }',
  'ux/action/spinner.js': 'exports.__esModule = true; exports.default = class { stop() {} }',
};
const unusedPackages: Readonly<Record<string, string>> = {
  'clean-stack': 'module.exports = (stack) => stack',
  'indent-string': 'module.exports = (text) => text',
  'wrap-ansi': 'module.exports = (text) => text',
  debug: 'module.exports = () => () => undefined',
};

const usedPartOfOclif: Plugin = {
  name: 'used-part-of-oclif',
  setup(bundler) {
    bundler.onResolve({ filter: /^@oclif\/core$/ }, ({ path }) => ({ path, namespace: 'oclif' }));
    bundler.onLoad({ filter: /^/, namespace: 'oclif' }, () => ({
      contents: oclif,
      resolveDir: root,
    }));
    const packages = new RegExp(`^(?:${Object.keys(unusedPackages).join('|')})$`);
    bundler.onResolve({ filter: packages }, ({ path }) => ({ path, namespace: 'unused' }));
    // The parser would read arguments from standard input with it.
    bundler.onResolve({ filter: /^node:readline$/ }, ({ path, importer }) =>
      /@oclif[\\/]core[\\/]/.test(importer) ? { path, namespace: 'unused' } : undefined,
    );
    bundler.onLoad({ filter: /^/, namespace: 'unused' }, ({ path }) => ({
      contents: unusedPackages[path] ?? '',
    }));
    bundler.onLoad({ filter: /@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, ({ path }) => {
      const [, part = ''] = path.replaceAll('\\', '/').split('@oclif/core/lib/');
      return Object.hasOwn(unusedParts, part) ? { contents: unusedParts[part] ?? '' } : undefined;
    });
  },
};

/** What is loaded first: by programs, and by the command line. */
const library = 'src/index.ts';
const client = 'src/synapse.ts';
const rest = 'src/rest.ts';
const commandLine = 'src/cli/main.ts';

/** What gets and stores entities, with all storages. Much of what is loaded later needs most of it. */
const transfers = ['src/entities/getEntity.ts', 'src/entities/storeEntity.ts'];

/** Parts of the command line that need no library. */
const withoutLibrary = /^src\/cli\/(?:main|help)\b/;

/** The starts that are already there when a file is loaded: an entry of the package, or what `importer` loads with `import()`. */
function loadedBefore(file: string, importer = file): string[] {
  if (importer.startsWith('src/server/')) return [rest];
  if (withoutLibrary.test(importer)) return [commandLine];
  if (importer.startsWith('src/cli/')) return [commandLine, client, ...sharedByCommands];
  return [library];
}

/** What {@link importedBy} has read: the build asks for most files many times. */
const importsByFile = new Map<string, readonly string[]>();

/** The modules that this many commands import are loaded with each command, in one file. */
const manyCommands = 8;
const sharedByCommands = importedByCommands(join(root, 'src/cli/commands'));

/** Files of the package that are loaded after a start. */
const usesStart = /^src\/(?:cli\/commands|server|synapseutils)\//;

const ofLibrary = allImportedBy(join(root, library));

/**
 * esbuild puts modules together that the same files need. The modules that are loaded with `import()` each need another part of a
 * start, so esbuild would split the start into a hundred files. To prevent this, each of them seems to import the whole start, and each
 * that transfers files seems to import all of `transfers`. The output does not have this import, because no module has side effects. What a room loads is in one file, or in two: one for what
 * transfers files.
 */
const keepTogether: Plugin = {
  name: 'keep-together',
  setup(bundler) {
    bundler.onResolve({ filter: /./ }, ({ path, kind, importer, resolveDir, namespace }) => {
      if (kind === 'entry-point') {
        const file = relative(root, path);
        if (!usesStart.test(file)) return undefined;
        return later({ path, parts: [path], starts: loadedBefore(file) });
      }
      if (kind !== 'dynamic-import' || namespace !== 'file' || !path.startsWith('.')) {
        return undefined;
      }
      const from = relative(root, importer);
      const target = sourceOf(resolveDir, path);
      const starts = loadedBefore(relative(root, target), from);
      if (!isRoom(from) || !path.startsWith('./')) {
        return later({ path: target, parts: [target], starts });
      }
      const parts = loadedByRoom(importer).filter(
        (part) => transfersFiles(part) === transfersFiles(target),
      );
      return later({ path: importer, parts, starts });
    });
    bundler.onLoad({ filter: /./, namespace: 'later' }, ({ pluginData }) => ({
      contents: pluginData as string,
      resolveDir: root,
    }));
  },
};

interface Later {
  path: string;
  parts: readonly string[];
  starts: readonly string[];
}

/** A module that exports what `parts` export, and that seems to import `starts`. */
function later({ path, parts, starts }: Later): OnResolveResult {
  const transfer = parts.some(transfersFiles);
  const before = [...starts, ...(transfer ? transfers : [])].map((start) => `import './${start}';`);
  const exported = parts.map((part) => {
    const names = /^export default\b/m.test(readFileSync(part, 'utf8')) ? '{ default }' : '*';
    return `export ${names} from ${JSON.stringify(part)};`;
  });
  return {
    path,
    namespace: 'later',
    suffix: transfer ? '?transfer' : '',
    pluginData: [...before, ...exported].join('\n'),
  };
}

/** Whether a module needs storages, beyond what the start of the library has of them. */
function transfersFiles(file: string): boolean {
  const storages = join(root, 'src/storages/');
  return [...allImportedBy(file)].some((one) => one.startsWith(storages) && !ofLibrary.has(one));
}

/** A module, and all that are loaded with it. */
function allImportedBy(file: string): ReadonlySet<string> {
  const found = new Set([file]);
  // The loop also visits what is added to the set meanwhile.
  for (const one of found) for (const imported of importedBy(one)) found.add(imported);
  return found;
}

/** The modules that a module imports itself. */
function importedBy(file: string): readonly string[] {
  const known = importsByFile.get(file);
  if (known !== undefined) return known;
  const imported = /^(?:import|export)\b(?! type\b)[^'";]*?\bfrom\s+'(\.[^']+)'/gm;
  const found = Array.from(readFileSync(file, 'utf8').matchAll(imported), ([, name = '']) =>
    sourceOf(dirname(file), name),
  );
  importsByFile.set(file, found);
  return found;
}

/** The modules that {@link manyCommands} import. */
function importedByCommands(folder: string): string[] {
  const counts = new Map<string, number>();
  for (const { in: command } of commandsIn(folder)) {
    for (const one of allImportedBy(command)) {
      const file = relative(root, one);
      if (file.startsWith('src/cli/commands/')) continue;
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
  }
  return [...counts].filter(([, count]) => count >= manyCommands).map(([file]) => file);
}

function isRoom(file: string): boolean {
  return /^src\/(\w+)\/\1\.ts$/.test(file);
}

/** The modules of its folder that a room loads when its methods are called. @throws Error when two export one name */
function loadedByRoom(room: string): string[] {
  const imported = readFileSync(room, 'utf8').matchAll(/\bimport\('(\.\/[^']+)'\)/g);
  const parts = new Set(Array.from(imported, ([, name = '']) => sourceOf(dirname(room), name)));
  const seen = new Map<string, string>();
  for (const part of parts) {
    const declared = /^export (?:async )?(?:function\*?|class|const) (\w+)/gm;
    for (const [, name = ''] of readFileSync(part, 'utf8').matchAll(declared)) {
      const other = seen.get(name);
      if (other !== undefined) throw new Error(`${other} and ${part} export ${name}: rename one.`);
      seen.set(name, part);
    }
  }
  return [...parts];
}

function sourceOf(folder: string, name: string): string {
  return join(folder, name).replace(/\.js$/, '.ts');
}

/** Lists the files of commands and their places in the bundle. The path of a command is its name. */
function commandsIn(folder: string): { in: string; out: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({
      in: join(folder, file),
      out: join('cli/commands', file.slice(0, -'.ts'.length)),
    }));
}

/** Large tables of data: a text of JSON is read in a third of the time of the program that makes the same objects. */
const tables: Plugin = {
  name: 'tables',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]generated[\\/]operations\.ts$/ }, async ({ path }) => {
      const { operations } = (await import(path)) as { operations: unknown };
      const text = JSON.stringify(JSON.stringify(operations));
      return { contents: `export const operations = /* @__PURE__ */ JSON.parse(${text});` };
    });
  },
};

const settings = {
  absWorkingDir: root,
  outdir: join(root, 'dist'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }),
  metafile: true,
  write: false,
  logLevel: 'warning',
} as const;

const main = await build({
  ...settings,
  entryPoints: [
    ...published,
    { in: join(root, 'src/cli/main.ts'), out: 'cli/main' },
    ...commandsIn(join(root, 'src/cli/commands')),
  ],
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [usedPartOfOclif, tables, keepTogether],
  // Of `keepTogether`.
  logOverride: { 'ignored-bare-import': 'silent' },
});

/** Completion has a copy of what it needs: a shell waits for it, and it would break the start of the library into more files. */
const completion = await build({
  ...settings,
  entryPoints: [{ in: join(root, 'src/cli/completion/complete.ts'), out: 'cli/completion' }],
  chunkNames: 'cli/completion-[name]-[hash]',
  plugins: [tables],
});
const metafile = {
  outputs: { ...main.metafile.outputs, ...completion.metafile.outputs },
  inputs: { ...main.metafile.inputs, ...completion.metafile.inputs },
};
const outputFiles = [...main.outputFiles, ...completion.outputFiles];

/**
 * oclif is CommonJS, and requires modules of Node.js through the function `__require` of esbuild. This is not an import, because
 * `rest.js` shares a file with that function and also runs in browsers.
 */
const nodeRequire = 'const require = globalThis.process?.getBuiltinModule;\n';
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, /^var __require = /m.test(text) ? `${nodeRequire}${text}` : text);
}
writeFileSync(join(root, 'dist/LICENSES.txt'), bundledLicenses(root, metafile));
