import type * as M from '../../../../generated/models.js';
import { parseEntityId } from '../../entities/entityIds.js';
import type { EntityFields } from '../../entities/entityTypes.js';
import { findEntityRecord } from '../../entities/entityRecords.js';
import type { Caller } from '../../kernel/caller.js';
import { tokenPage } from '../../kernel/paging.js';
import { badRequest } from '../../kernel/serviceError.js';
import type { World } from '../../world.js';
import { maxListLength, maxMediumText, maxStringSize } from '../columnLimits.js';
import { listTypeOf } from '../sql/columnTypes.js';
import { maySee } from './benefactors.js';
import type { ViewKind } from './viewKind.js';
import { viewKindOf } from './viewKinds.js';

/** The statistics of the annotations with one key and type. */
interface AnnotationUse {
  readonly name: string;
  readonly type: M.AnnotationsValueType;
  readonly maxSize: number;
  readonly maxLength: number;
}

/**
 * Suggests columns for the annotations of the objects in the scope of a view.
 *
 * @throws 400 without a scope
 * @see https://rest-docs.synapse.org/rest/POST/column/view/scope/async/start.html
 */
export function scopeColumns(
  world: World,
  caller: Caller,
  { viewScope, includeDerivedAnnotations, nextPageToken }: M.ViewColumnModelRequest,
): M.ViewColumnModelResponse {
  if (viewScope?.scope === undefined) {
    throw badRequest('The viewScope and its scope are required.');
  }
  const type = viewScope.viewEntityType ?? 'entityview';
  const kind = viewKindOf(type);
  if (kind === undefined) {
    throw badRequest(`${type} is not a kind of view.`);
  }
  const uses = new Map<string, AnnotationUse>();
  for (const object of kind.objects(world, scopeFields(world, type, viewScope))) {
    if (maySee(world, caller, object.benefactor)) {
      noteUses(
        uses,
        includeDerivedAnnotations === true ? object.annotations : object.ownAnnotations,
      );
    }
  }
  const columns = [...uses.values()]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.type < b.type ? -1 : 1))
    .map(columnOf)
    .filter((column) => !isField(kind, column));
  const { page, ...next } = tokenPage(columns, nextPageToken);
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.ViewColumnModelResponse',
    results: page,
    ...next,
  };
}

/** The fields of a view with this scope. */
function scopeFields(
  world: World,
  type: M.ViewEntityType,
  { scope = [], viewTypeMask, viewType }: M.ViewScope,
): EntityFields {
  if (type === 'dataset' || type === 'datasetcollection') {
    const items = scope.map((id) => {
      const entityId = parseEntityId(id);
      return { entityId, versionNumber: findEntityRecord(world, entityId)?.currentVersion ?? 1 };
    });
    return { items };
  }
  if (type === 'submissionview') {
    return { scopeIds: scope.map((id) => id.trim()) };
  }
  if (viewTypeMask === undefined && viewType === undefined) {
    throw badRequest('The viewTypeMask is required.');
  }
  return {
    scopeIds: scope.map(parseEntityId),
    ...(viewTypeMask !== undefined ? { viewTypeMask } : viewType && { type: viewType }),
  };
}

function noteUses(
  uses: Map<string, AnnotationUse>,
  annotations: Readonly<Record<string, M.AnnotationsValue>>,
): void {
  for (const [name, { type = 'STRING', value }] of Object.entries(annotations)) {
    const key = `${type} ${name}`;
    const known = uses.get(key);
    uses.set(key, {
      name,
      type,
      maxSize: Math.max(known?.maxSize ?? 0, ...value.map((text) => text.length)),
      maxLength: Math.max(known?.maxLength ?? 0, value.length),
    });
  }
}

const columnTypes: Readonly<Record<M.AnnotationsValueType, M.ColumnType>> = {
  STRING: 'STRING',
  LONG: 'INTEGER',
  DOUBLE: 'DOUBLE',
  TIMESTAMP_MS: 'DATE',
  BOOLEAN: 'BOOLEAN',
};

function columnOf({ name, type, maxSize, maxLength }: AnnotationUse): M.ColumnModel {
  const single = columnTypes[type];
  const list = maxLength > 1 ? listTypeOf(single) : undefined;
  if (single === 'STRING' && maxSize > maxStringSize) {
    return { name, columnType: maxSize > maxMediumText ? 'LARGETEXT' : 'MEDIUMTEXT' };
  }
  return {
    name,
    columnType: list ?? single,
    ...(single === 'STRING' && { maximumSize: Math.max(maxSize, 1) }),
    ...(list !== undefined && { maximumListLength: Math.min(maxLength, maxListLength) }),
  };
}

function isField({ fields }: ViewKind, { name, columnType }: M.ColumnModel): boolean {
  return fields.some((field) => field.name === name && field.columnType === columnType);
}
