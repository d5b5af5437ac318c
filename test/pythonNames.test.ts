import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  parsePythonNames,
  pythonNamesPage,
  statusOf,
  type PythonName,
} from '../build/pythonNamesPage.js';
import { operations } from '../generated/operations.js';
import * as library from '../src/index.js';
import * as synapseutils from '../src/synapseutils/index.js';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const names = parsePythonNames(read('docs/python-names.tsv'));
const syn = new library.Synapse({ environment: {}, configPath: '/dev/null' });
const typesOfIndex = new Set(
  [...(read('src/index.ts') + read('src/domains.ts')).matchAll(/export type \{([^}]*)\}/g)].flatMap(
    ([, list = '']) => list.split(',').map((name) => name.trim()),
  ),
);
const models = read('generated/models.ts');
const jobs = read('generated/jobs.ts');

function has(object: unknown, path: readonly string[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return object !== undefined;
  if (typeof object !== 'object' && typeof object !== 'function') return false;
  return object !== null && first in object && has(Reflect.get(object, first), rest);
}

/** What the first word of a name stands for. */
const kinds: Readonly<Record<string, (rest: string[]) => boolean>> = {
  syn: ([first = '', ...rest]) =>
    first === 'services' && rest.length > 0
      ? rest.join('.') in operations && has(syn.services, rest)
      : has(syn, [first, ...rest]),
  synapseutils: (rest) => has(synapseutils, rest),
  types: ([name = '']) => new RegExp(`^export (interface|type) ${name}\\b`, 'm').test(models),
};

function exists(ours: string): boolean {
  if (ours === '-') return true;
  const [, job] = /^job:(\w+)$/.exec(ours) ?? [];
  if (job !== undefined) return jobs.includes(`.${job}'`);
  const [, command] = /^synapse ([\w-]+)$/.exec(ours) ?? [];
  if (command !== undefined) return existsSync(join(root, 'src/cli/commands', `${command}.ts`));
  const [first = '', ...rest] = ours.split('.');
  return (
    kinds[first]?.(rest) ?? (rest.length === 0 && (first in library || typesOfIndex.has(first)))
  );
}

test('every name that the page gives exists', () => {
  const lies = names.filter(({ ours }) => !ours.every(exists));
  expect(lies.map(({ python, ours }) => `${python}: ${ours.join(', ')}`)).toEqual([]);
});

test('a name that does not exist is noticed', () => {
  const invented = ['syn.gett', 'syn.access.gett', 'syn.services.entity.gett', 'synapseutils.copi'];
  const others = ['types.Gett', 'job:GettRequest', 'synapse gett', 'Gett', 'File.gett'];
  expect([...invented, ...others].filter(exists)).toEqual([]);
});

test('no Python name stands twice', () => {
  const keys = names.map(({ section, python }) => `${section} ${python}`);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('every name that is not needed says why', () => {
  const silent = (name: PythonName): boolean => statusOf(name) === 'none' && name.note === '';
  expect(names.filter(silent)).toEqual([]);
});

test('the page is up to date: npm run docs', () => {
  expect(read('docs/python-names.md')).toBe(pythonNamesPage(names));
});
