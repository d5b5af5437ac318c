import { readFile } from 'node:fs/promises';
import type { Description } from './description.js';
import { emitJobs } from './emit/jobs.js';
import { emitModels } from './emit/models.js';
import { emitOperations } from './emit/operations.js';
import { emitPages } from './emit/pages.js';
import { emitRest } from './emit/rest.js';
import { emitSchema } from './emit/schema.js';
import { emitSchemas } from './emit/schemas.js';
import { emitScopes } from './emit/scopes.js';
import { emitServices } from './emit/services.js';
import { endpointsOf } from './endpoints.js';
import { renameAll } from './names.js';
import type { NamesLock } from './names.js';
import { applyOverlay, readOverlay } from './overlay.js';
import type { Overlay } from './overlay.js';
import { applyPasses } from './passes/index.js';
import { readScopes } from './scopes.js';
import type { ScopeRow } from './scopes.js';
import { sortDescription } from './sort.js';

export const OPENAPI = new URL('../openapi/', import.meta.url);
export const LOCK = new URL('names.lock.json', OPENAPI);
export const GENERATED = new URL('../generated/', import.meta.url);

export async function readJson<T>(file: URL): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

/** What is committed in `openapi/`. */
export interface Inputs {
  source: Description;
  overlay: Overlay;
  lock: NamesLock;
  scopes: ScopeRow[];
}

export async function readInputs(): Promise<Inputs> {
  return {
    source: await readJson<Description>(new URL('synapse.json', OPENAPI)),
    overlay: await readOverlay(new URL('overlay.yaml', OPENAPI)),
    lock: await readJson<NamesLock>(LOCK),
    scopes: readScopes(await readFile(new URL('scopes.tsv', OPENAPI), 'utf8')),
  };
}

/** The description as it should have been published: overlay, then passes, in an order that does not depend on the input's. */
export async function correct(source: Description, overlay: Overlay): Promise<Description> {
  return sortDescription(applyPasses(await applyOverlay(sortDescription(source), overlay)));
}

/** The text of every generated file, by file name. */
export async function emit(
  corrected: Description,
  lock: NamesLock,
  scopes: readonly ScopeRow[],
): Promise<Map<string, string>> {
  const description = sortDescription(renameAll(corrected, lock));
  const endpoints = endpointsOf(description);
  const fullNames = new Map(Object.entries(lock.types).map(([full, short]) => [short, full]));
  return new Map([
    ['jobs.ts', emitJobs(endpoints, description)],
    ['models.ts', await emitModels(description, fullNames)],
    ['operations.ts', emitOperations(endpoints)],
    ['pages.ts', emitPages(endpoints, description)],
    ['rest.ts', emitRest(endpoints)],
    ['schema.ts', emitSchema(endpoints, fullNames)],
    ['schemas.ts', emitSchemas(description)],
    ['scopes.ts', emitScopes(scopes)],
    ['services.ts', emitServices(endpoints)],
  ]);
}
