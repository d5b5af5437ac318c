import type * as M from '../../generated/models.js';
import { fromWireAnnotations } from '../entities/annotationValues.js';
import { createOnce } from '../entities/createOnce.js';
import { newEntityFor, type Entity } from '../entities/entityClasses.js';
import { stateOfBundle } from '../entities/storedState.js';
import { updateEntity } from '../entities/writeEntity.js';
import type { CopyItem } from './copyData.js';
import type { CopyRun } from './copyRun.js';
import { annotationsOf, type ItemState } from './sources.js';

/** What a copy gets. */
export interface CopyContent {
  /** Properties in the form of the API. */
  members: Readonly<Record<string, unknown>>;
  /** The id of the activity that generated it. */
  generatedBy?: string | undefined;
}

/** Creates the copy of an item with its annotations, or updates the entity that it is copied onto. */
export async function writeCopy(
  run: CopyRun,
  item: CopyItem,
  { source, existing }: ItemState,
  { members, generatedBy }: CopyContent,
  signal: AbortSignal,
): Promise<M.Entity> {
  const { ctx, plan } = run;
  const place = existing === undefined ? { parentId: run.containerFor(item) } : {};
  const wire = { ...members, ...place } as unknown as M.Entity;
  const entity = objectFor(source.entity, wire);
  if (plan.copyAnnotations) {
    entity.annotations = fromWireAnnotations({
      id: '',
      etag: '',
      annotations: annotationsOf(source),
    });
  }
  if (existing === undefined) {
    const created = await createOnce(ctx, { entity, wire, options: { signal }, generatedBy });
    return created.entity;
  }
  // Only new content makes a new version of a file.
  const options = { signal, forceVersion: item.action === 'updateContent' };
  const change = { entity, wire, options, generatedBy };
  return (await updateEntity(ctx, change, stateOfBundle(existing))).entity;
}

/** An object of the class of the entity. */
function objectFor(source: M.Entity, { name, parentId }: M.Entity): Entity {
  return Object.assign(newEntityFor(source), { name, parentId });
}
