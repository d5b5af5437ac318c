import type * as M from '../../../../generated/models.js';
import { parseEntityReference } from '../../entities/entityIds.js';
import type { EntityFields } from '../../entities/entityTypes.js';
import { findEntityRecord } from '../../entities/entityRecords.js';
import { missingMask } from '../../entities/typeRules.js';
import { tokenPage } from '../../kernel/paging.js';
import { badRequest } from '../../kernel/serviceError.js';
import type { World } from '../../world.js';
import { defaultStringSize, maxListLength, maxMediumText, maxStringSize } from '../columnLimits.js';
import { listTypeOf } from '../sql/columnTypes.js';
import { viewKindOf } from './viewKinds.js';

/** The statistics of the annotations with one key. */
interface AnnotationUse {
  readonly types: Set<M.AnnotationsValueType>;
  maxSize: number;
  maxLength: number;
}

/**
 * Suggests columns for the annotations of the objects in the scope of a view, whether or not the
 * caller may see them.
 *
 * @throws 400 without a scope
 * @see https://rest-docs.synapse.org/rest/POST/column/view/scope/async/start.html
 */
export function scopeColumns(
  world: World,
  { viewScope, nextPageToken, includeDerivedAnnotations }: M.ViewColumnModelRequest,
): M.ViewColumnModelResponse {
  if (viewScope === undefined) {
    throw badRequest('scope is required.');
  }
  if ((viewScope.scope?.length ?? 0) === 0) {
    throw badRequest('scope.scopeIds is required and must not be empty.');
  }
  const type = viewScope.viewEntityType ?? 'entityview';
  const kind = viewKindOf(type);
  if (kind === undefined) {
    throw badRequest(`${type} is not a kind of view.`);
  }
  const uses = new Map<string, AnnotationUse>();
  for (const object of kind.objects(world, scopeFields(world, type, viewScope))) {
    const withDerived = includeDerivedAnnotations === true;
    noteUses(uses, withDerived ? object.annotations : object.ownAnnotations);
  }
  const columns = [...uses]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, use]) => columnsOf(name, use))
    .filter((column) => !kind.reserved.has(column.name ?? ''));
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
  if (type === 'submissionview') {
    return { scopeIds: scope.map((id) => id.trim()) };
  }
  const entities = scope.map(parseEntityReference);
  if (type === 'dataset' || type === 'datasetcollection') {
    const items = entities.map(({ id, version }) => ({
      entityId: id,
      versionNumber: version ?? findEntityRecord(world, id)?.currentVersion ?? 1,
    }));
    return { items };
  }
  if (viewTypeMask === undefined && viewType === undefined) {
    throw badRequest(missingMask);
  }
  return {
    scopeIds: entities.map(({ id }) => id),
    ...(viewTypeMask !== undefined ? { viewTypeMask } : viewType && { type: viewType }),
  };
}

function noteUses(
  uses: Map<string, AnnotationUse>,
  annotations: Readonly<Record<string, M.AnnotationsValue>>,
): void {
  for (const [name, { type = 'STRING', value }] of Object.entries(annotations)) {
    const use = uses.get(name) ?? { types: new Set(), maxSize: 0, maxLength: 0 };
    uses.set(name, use);
    use.types.add(type);
    use.maxSize = Math.max(use.maxSize, ...value.map((text) => text.length));
    use.maxLength = Math.max(use.maxLength, value.length);
  }
}

/** The types of columns by those of annotations, in the order of the service. */
const columnTypes: Readonly<Record<M.AnnotationsValueType, M.ColumnType>> = {
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP_MS: 'DATE',
  DOUBLE: 'DOUBLE',
  LONG: 'INTEGER',
  STRING: 'STRING',
};

/** A column for each type of the annotations with a key. Their sizes are those of all types. */
function columnsOf(name: string, { types, maxSize, maxLength }: AnnotationUse): M.ColumnModel[] {
  const singles = Object.entries(columnTypes).filter(([type]) =>
    types.has(type as M.AnnotationsValueType),
  );
  return singles.map(([, single]) => {
    const list = maxLength > 1 ? listTypeOf(single) : undefined;
    if (single === 'STRING' && maxSize > maxStringSize) {
      return { name, columnType: maxSize > maxMediumText ? 'LARGETEXT' : 'MEDIUMTEXT' };
    }
    return {
      name,
      columnType: list ?? single,
      ...(single === 'STRING' && { maximumSize: maxSize === 0 ? defaultStringSize : maxSize }),
      ...(list !== undefined && { maximumListLength: Math.min(maxLength, maxListLength) }),
    };
  });
}
