import type * as M from '../../../../generated/models.js';
import { parseIdAndVersion } from '../../entities/entityIds.js';
import type { EntityFields } from '../../entities/entityTypes.js';
import { findEntityRecord } from '../../entities/entityRecords.js';
import { missingMask } from '../../entities/typeRules.js';
import { tokenPage } from '../../kernel/paging.js';
import { badRequest } from '../../kernel/serviceError.js';
import type { World } from '../../world.js';
import { defaultStringSize } from '../columnLimits.js';
import { listTypeOf } from '../sql/columnTypes.js';
import { viewKindOf } from './viewKinds.js';

/** The statistics of the annotations with one key. */
interface AnnotationUse {
  readonly name: string;
  readonly types: ReadonlySet<M.AnnotationsValueType>;
  /** Length of the longest value. */
  readonly maxSize: number;
  /** Number of values of the longest list. */
  readonly maxLength: number;
}

/**
 * Suggests columns for the annotations of the objects in the scope of a view: one for each type that
 * a key has. It does not matter whether the caller may see the objects.
 *
 * @throws 400 without a scope
 * @see https://rest-docs.synapse.org/rest/POST/column/view/scope/async/start.html
 */
export function scopeColumns(
  world: World,
  { viewScope, nextPageToken, includeDerivedAnnotations = false }: M.ViewColumnModelRequest,
): M.ViewColumnModelResponse {
  if (viewScope === undefined) {
    throw badRequest('scope is required.');
  }
  if (viewScope.scope === undefined || viewScope.scope.length === 0) {
    throw badRequest('scope.scopeIds is required and must not be empty.');
  }
  const type = viewScope.viewEntityType ?? 'entityview';
  const kind = viewKindOf(type);
  if (kind === undefined) {
    throw badRequest(`${type} is not a kind of view.`);
  }
  const uses = new Map<string, AnnotationUse>();
  for (const object of kind.objects(world, scopeFields(world, type, viewScope))) {
    noteUses(uses, includeDerivedAnnotations ? object.annotations : object.ownAnnotations);
  }
  const keys = [...uses.values()]
    .filter(({ name }) => !kind.reserved.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { page, ...next } = tokenPage(keys, nextPageToken);
  return {
    concreteType: 'org.sagebionetworks.repo.model.table.ViewColumnModelResponse',
    results: page.flatMap(columnsOf),
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
    const items = scope.map((text) => {
      const { id, version } = parseIdAndVersion(text);
      const versionNumber = version ?? findEntityRecord(world, id)?.currentVersion ?? 1;
      return { entityId: id, versionNumber };
    });
    return { items };
  }
  if (type === 'submissionview') {
    return { scopeIds: scope.map((id) => id.trim()) };
  }
  if (viewTypeMask === undefined && viewType === undefined) {
    throw badRequest(missingMask);
  }
  return {
    scopeIds: scope.map((id) => parseIdAndVersion(id).id),
    ...(viewTypeMask !== undefined ? { viewTypeMask } : viewType && { type: viewType }),
  };
}

function noteUses(
  uses: Map<string, AnnotationUse>,
  annotations: Readonly<Record<string, M.AnnotationsValue>>,
): void {
  for (const [name, { type = 'STRING', value }] of Object.entries(annotations)) {
    const known = uses.get(name);
    uses.set(name, {
      name,
      types: new Set([...(known?.types ?? []), type]),
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

/** Columns for the types of a key, which share the size and the length of lists. */
function columnsOf({ name, types, maxSize, maxLength }: AnnotationUse): M.ColumnModel[] {
  return [...types].sort().map((type) => {
    const single = columnTypes[type];
    const list = maxLength > 1 ? listTypeOf(single) : undefined;
    return {
      name,
      columnType: list ?? single,
      ...(single === 'STRING' && { maximumSize: maxSize === 0 ? defaultStringSize : maxSize }),
      ...(list !== undefined && { maximumListLength: maxLength }),
    };
  });
}
