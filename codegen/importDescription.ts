import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { operationKey, operationsOf } from './description.js';
import type { Description } from './description.js';
import { sortDescription } from './sort.js';
import { stripProse } from './strip.js';

/** `openapi/source.json`: the source of `openapi/synapse.json`. */
export interface Source {
  package?: string;
  version?: string;
  file?: string;
  url?: string;
  /** Of the file as published */
  sha256: string;
}

export interface Changes {
  added: string[];
  removed: string[];
  changed: string[];
}

const PACKAGE = '@sage-bionetworks/synapse-client';
const FILE = 'src/spec/openapispecification.json';
const OFFICIAL = 'https://rest-docs.synapse.org/rest/openapi/openapispecification.json';

/** The description, prose included, that the dev dependency was published with. */
export async function readPinned(): Promise<{ text: string; source: Source }> {
  const root = new URL(`../node_modules/${PACKAGE}/`, import.meta.url);
  const manifest = await readFile(new URL('package.json', root), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const text = await readFile(new URL(FILE, root), 'utf8');
  const source = { package: PACKAGE, version, file: FILE, url: OFFICIAL, sha256: sha256(text) };
  return { text, source };
}

/** The description as it is kept here: structure only, sorted. */
export function imported(published: string): Description {
  return sortDescription(stripProse(JSON.parse(published) as Description));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The added, removed and changed operations and types. */
export function changesBetween(
  before: Description,
  after: Description,
): { operations: Changes; types: Changes } {
  return {
    operations: changes(operationsByKey(before), operationsByKey(after)),
    types: changes(before.components.schemas, after.components.schemas),
  };
}

function operationsByKey(description: Description): Record<string, unknown> {
  return Object.fromEntries(
    operationsOf(description).map((located) => [operationKey(located), located.operation]),
  );
}

function changes(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Changes {
  const kept = Object.keys(after).filter((key) => before[key] !== undefined);
  return {
    added: Object.keys(after).filter((key) => before[key] === undefined),
    removed: Object.keys(before).filter((key) => after[key] === undefined),
    changed: kept.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])),
  };
}
