import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import type { StoredBundle } from '../entities/entityBundle.js';
import { findEntityId } from '../entities/findEntity.js';
import { isContainer } from '../entities/isContainer.js';
import { ArgumentError } from '../errors.js';
import { shortName } from '../values/shortName.js';
import { idOf, versionOf, type EntityRef, type EntityVersion } from '../values/ids.js';
import { applyCopy } from './applyCopy.js';
import type { CopyItem, CopyPlanData, PlanCopyOptions } from './copyData.js';
import { CopyPlan } from './copyPlan.js';
import { planReferences } from './planReferences.js';
import { planItem, type Planning } from './planItem.js';
import { planWikis } from './planWikis.js';
import { planTree } from './planTree.js';
import { readCopyOptions } from './readCopyOptions.js';
import { readEntity } from './sources.js';
import { fileType, projectType } from '../entities/entityTypes.js';
import { ownUserId } from '../users/ownUserId.js';

/** Implements {@link Synapse.planCopy}. */
export async function planCopy(
  ctx: Context,
  entity: EntityRef,
  options: PlanCopyOptions = {},
): Promise<CopyPlan> {
  const settings = readCopyOptions(options);
  const wanted = wantedVersion(entity, options.version);
  const { signal } = options;
  const { destinationId } = settings;
  if (wanted.id === destinationId) throw ontoItself(wanted.id);
  const [source, destination, me] = await Promise.all([
    readEntity(ctx, wanted, { signal }, { includeActivity: settings.setProvenance === 'existing' }),
    readEntity(ctx, { id: destinationId }, { signal }, { includeEntityPath: true }),
    ownUserId(ctx, { signal }),
  ]);
  checkPlace(source, destination, wanted);
  const planning: Planning = { ctx, settings, me, signal };
  const top = await planTop(planning, source, destination);
  const items = await planTree(planning, top);
  await planReferences(planning, items);
  await planWikis(planning, items);
  countHandleRequests(items);
  const data: CopyPlanData = {
    format: 'synapse-copy-plan',
    version: 1,
    sourceId: wanted.id,
    destinationId,
    setProvenance: settings.setProvenance,
    copyAnnotations: settings.copyAnnotations,
    updateLinks: settings.updateLinks,
    updateSynIds: settings.updateSynIds,
    updateTableIds: settings.updateTableIds,
    items,
    problems: problemsOf(destination, items),
  };
  return new CopyPlan(data, (plan, applying) => applyCopy(ctx, plan, applying));
}

/** A file that was read in an old version is copied in that version. */
function wantedVersion(entity: EntityRef, version: number | undefined): EntityVersion {
  const isOld =
    typeof entity === 'object' && 'isLatestVersion' in entity && entity.isLatestVersion === false;
  return versionOf(entity, version, { ownVersion: isOld });
}

function checkPlace(source: StoredBundle, destination: StoredBundle, wanted: EntityVersion): void {
  const { concreteType, name = '' } = source.entity;
  const target = destination.entity;
  const targetId = idOf(target);
  const isProject = concreteType === projectType;
  if (!isContainer({ type: target.concreteType })) {
    throw new ArgumentError(
      `${targetId} (${target.name ?? ''}) is a ${shortName(target.concreteType)}: entities are copied into a project or folder.`,
    );
  }
  if (isProject && target.concreteType !== concreteType) {
    throw new ArgumentError(
      `${wanted.id} (${name}) is a project, and ${targetId} is not: a project is copied into another, existing project.`,
    );
  }
  if (wanted.version !== undefined && concreteType !== fileType) {
    throw new ArgumentError(
      `A version is given, but ${wanted.id} (${name}) is a ${shortName(concreteType)}: only files are copied in a version.`,
    );
  }
  const path = (destination.path?.path ?? []) as readonly Partial<M.EntityHeader>[];
  if (path.some(({ id }) => id === wanted.id)) {
    throw new ArgumentError(
      `${wanted.id} (${name}) cannot be copied into ${targetId}, which is in it.`,
    );
  }
}

function ontoItself(id: string): ArgumentError {
  return new ArgumentError(`${id} cannot be copied into itself: pass another project or folder.`);
}

/** Plans the entity that was asked for. */
async function planTop(
  planning: Planning,
  source: StoredBundle,
  destination: StoredBundle,
): Promise<CopyItem> {
  const { ctx, settings, signal } = planning;
  const { concreteType: type, name = '' } = source.entity;
  const header = { id: idOf(source.entity), name, type };
  if (type === projectType) {
    const taken = { id: settings.destinationId };
    return planItem(planning, { header, source, path: name, taken, existing: destination });
  }
  const id = await findEntityId(ctx, name, settings.destinationId, { signal });
  const taken = id === undefined ? undefined : { id };
  return planItem(planning, { header, source, path: name, taken });
}

/** One call copies the file handles of 100 files. */
function countHandleRequests(items: readonly CopyItem[]): void {
  const copied = items.filter(
    ({ action, how }) =>
      how === 'copiedHandle' && (action === 'create' || action === 'updateContent'),
  );
  for (const [index, item] of copied.entries()) if (index % 100 === 0) item.requests += 1;
}

function problemsOf(
  destination: StoredBundle,
  items: readonly CopyItem[],
): CopyPlanData['problems'] {
  const creates = items.some(({ action }) => action === 'create');
  if (!creates || destination.permissions?.canAddChild !== false) return [];
  const { name = '' } = destination.entity;
  const id = idOf(destination.entity);
  return [{ path: name, id, message: `you may not create anything in ${id}: ask for edit access` }];
}
