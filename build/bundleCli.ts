import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { bundledLicenses } from './bundledLicenses.js';

/**
 * Puts the command line into few files: oclif alone is some 200 modules, and finding and reading them
 * takes most of the time that `synapse --version` would need. oclif is part of the bundle, so it is not a dependency.
 *
 * One entry a command, so that a command loads only what it uses. The library itself stays outside: a command loads
 * what it calls, there is one class of each error, and worker threads start from files of their own.
 */
const root = join(import.meta.dirname, '..');
const commandsDir = join(root, 'src/cli/commands');
/** Bundled as well: a plugin that is loaded at run time needs a second copy of oclif. */
const pluginDir = join(root, 'node_modules/@oclif/plugin-autocomplete/lib/commands');

/** The import specifiers of the library: its public name, or the `imports` of package.json. */
function publishedAs(path: string): string | undefined {
  if (path === join('src', 'index.js')) return 'synapseclient';
  if (path === join('src', 'server', 'index.js')) return 'synapseclient/server';
  const isLibrary = path.startsWith('generated/') || /^src\/(?!cli\/)/.test(path);
  return isLibrary ? `#${path}` : undefined;
}

/** Lists the files of commands and their places in the bundle. The path of a command is its name. */
function commandsIn(folder: string, extension: string): { in: string; out: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension) && !file.endsWith('.d.ts'))
    .map((file) => ({
      in: join(folder, file),
      out: join('commands', file.slice(0, -extension.length)),
    }));
}

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    { in: join(root, 'src/cli/main.ts'), out: 'main' },
    { in: join(root, 'src/cli/help.ts'), out: 'help' },
    ...commandsIn(commandsDir, '.ts'),
    ...commandsIn(pluginDir, '.js'),
  ],
  outdir: join(root, 'dist/cli'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunks/[name]-[hash]',
  // oclif is CommonJS and asks for modules with require; it looks for TypeScript only to run sources.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  external: ['typescript', 'keytar'],
  metafile: true,
  logLevel: 'warning',
  plugins: [
    {
      name: 'library-stays-outside',
      setup(bundler) {
        bundler.onResolve({ filter: /^\./ }, ({ path, resolveDir, importer }) => {
          if (importer.includes('node_modules')) return undefined;
          // By name: the importing code may end up in a chunk at any depth.
          const name = publishedAs(relative(root, join(resolveDir, path)));
          return name === undefined ? undefined : { path: name, external: true };
        });
      },
    },
  ],
});
writeFileSync(join(root, 'dist/cli/LICENSES.txt'), bundledLicenses(root, metafile));
