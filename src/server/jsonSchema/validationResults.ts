import type * as M from '../../../generated/models.js';
import { isVisibleChild } from '../access/entityAcls.js';
import { requireAccess } from '../access/requireAccess.js';
import { entityJson } from '../entities/entityJson.js';
import { numericId } from '../entities/entityIds.js';
import {
  childrenOf,
  findEntityRecord,
  getVersionRecord,
  type EntityRecord,
} from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { mapInSlices } from '../kernel/mapInSlices.js';
import { tokenPage } from '../kernel/paging.js';
import { badRequest, notFound } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { boundSchema } from './boundSchemas.js';
import { numbersOf } from './entityNumbers.js';
import { schemaViolation } from './schemaViolation.js';
import { schemaKey } from './validate.js';
import { violationMessages } from './violation.js';

/** Maximum number of cached results. */
const maxRemembered = 10_000;

interface Evaluated {
  /** Key of everything that the result depends on. */
  readonly key: string;
  readonly results: M.ValidationResults;
}

const makeEvaluated = (): Map<string, Evaluated> => new Map();

/**
 * Validates an entity with its effective schema. The result is cached until the entity, the binding
 * or the schema changes.
 *
 * @throws 404 when no schema is bound, 403 without READ
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/schema/validation.html
 */
export function validationResults(
  world: World,
  caller: Caller,
  entityId: string,
): M.ValidationResults {
  const results = resultsOf(world, requireAccess(world, caller, entityId, 'READ'));
  if (results === undefined) {
    throw notFound(
      `ValidationResults do not exist for objectId: '${entityId}' and objectType: 'entity'`,
    );
  }
  return results;
}

function resultsOf(world: World, record: EntityRecord): M.ValidationResults | undefined {
  const bound = boundSchema(world, { record, version: getVersionRecord(world, record) });
  if (bound === undefined) {
    return undefined;
  }
  const known = world.service(makeEvaluated);
  const key = `${record.etag} ${bound.binding.etag} ${schemaKey(bound.whole)}`;
  const before = known.get(record.id);
  if (before?.key === key) {
    return before.results;
  }
  const results = evaluate(world, record, bound.whole);
  if (known.size >= maxRemembered) {
    known.clear();
  }
  known.set(record.id, { key, results });
  return results;
}

function evaluate(world: World, record: EntityRecord, schema: M.JsonSchema): M.ValidationResults {
  const version = getVersionRecord(world, record);
  // Derived annotations are not validated, as in the service.
  const json = entityJson(world, record, version);
  const failure = schemaViolation(world, schema, json, numbersOf(version));
  return {
    objectId: record.id,
    objectType: 'entity',
    objectEtag: record.etag,
    schema$id: schema.$id,
    isValid: failure === undefined,
    validatedOn: world.timestamp(),
    ...(failure && {
      validationErrorMessage: failure.message,
      allValidationMessages: violationMessages(failure),
      validationException: failure,
    }),
  };
}

/**
 * Counts the valid and invalid children of a container. Children without a schema count as unknown.
 *
 * @throws 404, 403 without READ, 400 when the entity is not a container
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/schema/validation/statistics.html
 */
export async function validationStatistics(
  world: World,
  caller: Caller,
  containerId: string,
): Promise<M.ValidationSummaryStatistics> {
  const children = visibleChildren(world, caller, containerId);
  const results = await mapInSlices(children, (child) => childResults(world, child)?.isValid);
  return {
    containerId,
    totalNumberOfChildren: children.length,
    numberOfValidChildren: results.filter((isValid) => isValid === true).length,
    numberOfInvalidChildren: results.filter((isValid) => isValid === false).length,
    numberOfUnknownChildren: results.filter((isValid) => isValid === undefined).length,
    generatedOn: world.timestamp(),
  };
}

/**
 * The invalid children of a container, in pages.
 *
 * @throws 404, 403 without READ, 400 when the entity is not a container
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/schema/validation/invalid.html
 */
export async function invalidChildren(
  world: World,
  caller: Caller,
  containerId: string,
  nextPageToken: string | undefined,
): Promise<M.ListValidationResultsResponse> {
  const children = visibleChildren(world, caller, containerId).sort(
    (a, b) => numericId(a.id) - numericId(b.id),
  );
  const results = await mapInSlices(children, (child) => childResults(world, child));
  const invalid = results.filter((result) => result?.isValid === false);
  return tokenPage(
    invalid.filter((result) => result !== undefined),
    nextPageToken,
  );
}

/** A child may be deleted while others are validated. */
function childResults(world: World, { id }: EntityRecord): M.ValidationResults | undefined {
  const child = findEntityRecord(world, id);
  return child && resultsOf(world, child);
}

function visibleChildren(world: World, caller: Caller, containerId: string): EntityRecord[] {
  const container = requireAccess(world, caller, containerId, 'READ');
  if (container.type !== 'project' && container.type !== 'folder') {
    throw badRequest(`${containerId} is not a container.`);
  }
  return childrenOf(world, containerId).filter((child) => isVisibleChild(world, child, caller));
}
