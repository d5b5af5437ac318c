import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles a client of this folder into one file, because its loading time is not measured.
 *
 * @param name - The file, without its extension.
 * @returns The path of the bundle.
 */
export async function bundleClient(name: string): Promise<string> {
  const outfile = join(import.meta.dirname, `../../node_modules/.cache/bench/${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
}
