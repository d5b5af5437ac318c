import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

interface Manifest {
  name: string;
  version: string;
  license?: string;
}

/**
 * Returns the licences of all packages with code in a bundle. They require that their text is distributed with the code.
 *
 * @throws Error when a package states no licence.
 */
export function bundledLicenses(root: string, { outputs }: Metafile): string {
  const folders = new Set(
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs)
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .flatMap(([file]) => packageFolder(file) ?? []),
    ),
  );
  const texts = [...folders].sort().map((folder) => licenseOf(join(root, folder)));
  return `This package contains code of these packages.\n\n${texts.join('\n\n')}\n`;
}

/** Returns the folder of the package that a file belongs to. */
function packageFolder(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

function licenseOf(folder: string): string {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(text) as Manifest;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (license === undefined && file === undefined) throw new Error(`${name} states no licence.`);
  const terms = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
  return `${'-'.repeat(72)}\n${name} ${version} (${license ?? 'see below'})${terms}`;
}
