import { opendir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';

import { errorCode } from '../kernel/errorCode.js';
import { checkFixture } from './checkFixture.js';
import { SeedError, type Fixture, type FixtureFile, type FixtureFolder } from './fixture.js';

/** A fixture with its source. */
export interface Seed {
  readonly fixture: Fixture;
  /** Base directory of the paths of its files. */
  readonly directory: string;
  /** Name of the source in messages. */
  readonly origin: string;
}

/**
 * Reads a seed: a fixture, the path of a JSON or YAML file with one, or of a directory, which
 * becomes a project.
 *
 * @param onSkip - called for each skipped file of a directory
 * @throws {@link SeedError} when the file does not exist or is not a fixture
 */
export async function readSeed(
  seed: string | Fixture,
  onSkip: (message: string) => void,
): Promise<Seed> {
  if (typeof seed !== 'string') {
    const fixture = checked(seed, 'the seed');
    return { fixture, directory: process.cwd(), origin: 'the seed' };
  }
  const path = resolve(seed);
  const info = await stat(path).catch((error: unknown) => {
    const why = errorCode(error) === 'ENOENT' ? 'it does not exist' : String(error);
    throw new SeedError(`The seed ${seed} cannot be read: ${why}.`);
  });
  if (info.isDirectory()) {
    const project = await readFolder(path, onSkip);
    return { fixture: { projects: [project] }, directory: path, origin: seed };
  }
  const fixture = checked(await parseFile(path, seed), seed);
  return { fixture, directory: dirname(path), origin: seed };
}

function checked(value: unknown, origin: string): Fixture {
  try {
    return checkFixture(value);
  } catch (error) {
    throw error instanceof SeedError ? new SeedError(`In ${origin}: ${error.message}`) : error;
  }
}

async function parseFile(path: string, origin: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  const extension = extname(path).toLowerCase();
  try {
    switch (extension) {
      case '.json':
        return JSON.parse(text);
      case '.yaml':
      case '.yml': {
        const yaml = await import('yaml');
        return yaml.parse(text, { customTags: ['timestamp'] });
      }
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new SeedError(`${origin} is not valid ${extension.slice(1).toUpperCase()}: ${detail}`);
  }
  throw new SeedError(`The seed ${origin} must be a directory, or a .json, .yaml or .yml file.`);
}

/**
 * Hidden files are skipped silently. Links are not followed, because they may lead outside of the
 * directory or form cycles.
 */
async function readFolder(
  directory: string,
  onSkip: (message: string) => void,
): Promise<FixtureFolder> {
  const folders: FixtureFolder[] = [];
  const files: FixtureFile[] = [];
  for await (const entry of await opendir(directory)) {
    const path = join(directory, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      folders.push(await readFolder(path, onSkip));
    } else if (!entry.isFile()) {
      onSkip(`${path} is left out of the seed: it is neither a file nor a directory.`);
    } else if ((await stat(path)).size === 0) {
      onSkip(`${path} is left out of the seed: it is empty, and Synapse has no empty files.`);
    } else {
      files.push({ name: entry.name, path });
    }
  }
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  return { name: basename(directory), folders: folders.sort(byName), files: files.sort(byName) };
}
