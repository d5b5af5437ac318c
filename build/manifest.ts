import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Plugin } from '@oclif/core/config';

/**
 * Writes `oclif.manifest.json`: the names, arguments and flags of all commands, so that help, completion and the
 * lookup of a command load no command file.
 */
const root = join(import.meta.dirname, '..');
const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};
writeFileSync(
  join(root, 'oclif.manifest.json'),
  `${JSON.stringify({ ...plugin.manifest, version }, null, 1)}\n`,
);
