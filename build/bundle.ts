import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
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
 * What replaces packages that oclif loads at its start, but that this command line does not use: they would take a third of the
 * time of `synapse --version`.
 */
const replacements: Readonly<Record<string, string>> = {
  // They find plugins, and commands that are not in the manifest.
  lilconfig: 'module.exports = {}',
  minimatch: 'module.exports = {}',
  tinyglobby: 'module.exports = {}',
  // oclif compares the version of Node.js with that in its own package.json, which a bundle does not have.
  semver: 'module.exports = {}',
  // The spinner of oclif is never shown.
  'cli-spinners': 'module.exports = { dots2: { frames: [] }, line: { frames: [] } }',
  debug: 'module.exports = () => () => undefined',
  // WSL counts as Linux. On Windows, oclif would start PowerShell to find out the shell.
  'wsl-utils': 'exports.isWsl = false',
};

const withoutUnused: Plugin = {
  name: 'without-unused',
  setup(bundler) {
    const names = new RegExp(`^(?:${Object.keys(replacements).join('|')})$`);
    bundler.onResolve({ filter: names }, ({ path }) => ({ path, namespace: 'unused' }));
    bundler.onLoad({ filter: names, namespace: 'unused' }, ({ path }) => ({
      contents: replacements[path] ?? '',
    }));
  },
};

/** oclif sorts the commands with `localeCompare`, which takes 5 ms to load the rules of the language. */
const withoutLocale: Plugin = {
  name: 'without-locale',
  setup(bundler) {
    const sorted = /@oclif[\\/]core[\\/]lib[\\/]config[\\/]plugin\.js$/;
    bundler.onLoad({ filter: sorted }, ({ path }) => {
      const [before = '', after, ...more] = readFileSync(path, 'utf8').split(
        'a.id.localeCompare(b.id)',
      );
      if (after === undefined || more.length > 0) throw new Error(`${path} sorts differently.`);
      return { contents: `${before}(a.id < b.id ? -1 : 1)${after}` };
    });
  },
};

/** Lists the files of commands and their places in the bundle. The path of a command is its name. */
function commandsIn(folder: string, extension: string): { in: string; out: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension) && !file.endsWith('.d.ts'))
    .map((file) => ({
      in: join(folder, file),
      out: join('cli/commands', file.slice(0, -extension.length)),
    }));
}

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: [
    ...published,
    { in: join(root, 'src/cli/main.ts'), out: 'cli/main' },
    { in: join(root, 'src/cli/help.ts'), out: 'cli/help' },
    ...commandsIn(join(root, 'src/cli/commands'), '.ts'),
  ],
  outdir: join(root, 'dist'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunks/[name]-[hash]',
  // oclif looks for TypeScript only to run sources.
  external: [
    'typescript',
    ...Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }),
  ],
  plugins: [withoutUnused, withoutLocale],
  metafile: true,
  write: false,
  logLevel: 'warning',
});

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
