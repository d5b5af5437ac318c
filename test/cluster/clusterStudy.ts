import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { File, Folder, Project, type Stored, type Synapse } from '../../src/index.js';

const program = join(import.meta.dirname, '../../bin/run.js');

/** Stores a project with 24 files of different sizes in four folders. */
export async function createStudy(syn: Synapse, directory: string): Promise<Project & Stored> {
  const project = await syn.store(new Project({ name: 'a study' }));
  for (let folder = 0; folder < 4; folder += 1) {
    const parent = await syn.store(new Folder({ name: `folder ${folder}`, parent: project }));
    for (let number = 0; number < 6; number += 1) {
      const path = join(directory, `${folder}-${number}.txt`);
      await writeFile(path, `${folder} ${number} `.repeat(500 * (number + 1)));
      await syn.store(new File({ path, parent, annotations: { number } }));
    }
  }
  return project;
}

/** Makes the command `synapse` of this checkout available in a directory. @returns what belongs before `PATH` */
export async function installSynapse(directory: string): Promise<string> {
  const bin = join(directory, 'bin');
  await mkdir(bin, { recursive: true });
  const start = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`;
  await writeFile(join(bin, 'synapse'), start, { mode: 0o755 });
  return bin;
}

/** The downloaded files of a directory, without manifests: their contents by path. */
export async function downloadedFiles(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter(({ name }) => !name.startsWith('manifest') && !name.startsWith('SYNAPSE_'))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const contents = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return Object.fromEntries(
    paths.map((path, index) => [path.slice(directory.length), contents[index] ?? '']),
  );
}

/** The lines of the manifest of a directory, with paths in it, in an order of their own. */
export async function manifestLines(directory: string): Promise<string[]> {
  const text = await readFile(join(directory, 'manifest.csv'), 'utf8');
  return text.replaceAll(directory, '').trim().split(/\r?\n/).sort();
}
