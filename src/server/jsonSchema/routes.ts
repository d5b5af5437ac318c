import { parseEntityId } from '../entities/entityIds.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { requireFields } from '../kernel/requireFields.js';
import type { World } from '../world.js';
import { bindSchema, getBinding, removeBinding } from './bindings.js';
import { deleteSchema } from './deleteSchema.js';
import {
  createOrganization,
  deleteOrganization,
  findOrganization,
  getOrganizationByName,
  organizationModel,
  organizations,
  readOrganizationAcl,
  updateOrganizationAcl,
} from './organizations.js';
import { findSchema, schemaInfo, schemaTables, versionInfo } from './schemaRecords.js';
import { invalidChildren, validationResults, validationStatistics } from './validationResults.js';
import { registeredModel } from './validationSchema.js';

/** Serves JSON schemas: organizations, registered schemas, bindings to entities, and validation. */
export function jsonSchemaRoutes(router: Router, world: World): void {
  organizationRoutes(router, world);
  schemaRoutes(router, world);
  bindingRoutes(router, world);
}

function organizationRoutes(router: Router, world: World): void {
  router.post('/repo/v1/schema/organization', ({ caller, body }) =>
    organizationModel(createOrganization(world, caller, body.organizationName)),
  );
  router.get('/repo/v1/schema/organization', ({ query }) =>
    organizationModel(getOrganizationByName(world, query.name)),
  );
  router.post('/repo/v1/schema/organization/list', ({ body }) =>
    tokenPage([...organizations(world).values()].map(organizationModel), body.nextPageToken),
  );
  router.delete('/repo/v1/schema/organization/{id}', ({ caller, path }) =>
    deleteOrganization(
      world,
      caller,
      path.id,
      ({ id }) => schemaTables(world).byOrganization.count(id) > 0,
    ),
  );
  router.get('/repo/v1/schema/organization/{id}/acl', ({ caller, path }) =>
    readOrganizationAcl(world, caller, path.id),
  );
  router.put('/repo/v1/schema/organization/{id}/acl', ({ caller, path, body }) =>
    updateOrganizationAcl(world, caller, path.id, body),
  );
}

function schemaRoutes(router: Router, world: World): void {
  router.get('/repo/v1/schema/type/registered/{id}', ({ path }) => registeredModel(world, path.id));
  router.delete('/repo/v1/schema/type/registered/{id}', ({ caller, path }) =>
    deleteSchema(world, caller, path.id),
  );
  router.post('/repo/v1/schema/list', ({ body }) => {
    requireFields(body, ['organizationName']);
    const { organizationName } = body;
    // The list is empty for an organization that does not exist.
    const organization = findOrganization(world, organizationName);
    const schemas = organization ? schemaTables(world).byOrganization.find(organization.id) : [];
    schemas.sort((a, b) => Number(a.schemaId) - Number(b.schemaId));
    return tokenPage(schemas.map(schemaInfo), body.nextPageToken);
  });
  router.post('/repo/v1/schema/version/list', ({ body }) => {
    requireFields(body, ['organizationName', 'schemaName']);
    const { organizationName, schemaName } = body;
    const schema = findSchema(world, { organizationName, schemaName });
    const versions = schema ? schemaTables(world).versionsOf.find(schema.schemaId) : [];
    versions.sort((a, b) => Number(a.versionId) - Number(b.versionId));
    const infos = schema ? versions.map((version) => versionInfo({ schema, version })) : [];
    return tokenPage(infos, body.nextPageToken);
  });
}

function bindingRoutes(router: Router, world: World): void {
  router.put('/repo/v1/entity/{id}/schema/binding', ({ caller, path, body }) =>
    bindSchema(world, caller, parseEntityId(path.id), body),
  );
  router.get('/repo/v1/entity/{id}/schema/binding', ({ caller, path }) =>
    getBinding(world, caller, parseEntityId(path.id)),
  );
  router.delete('/repo/v1/entity/{id}/schema/binding', ({ caller, path }) =>
    removeBinding(world, caller, parseEntityId(path.id)),
  );
  router.get('/repo/v1/entity/{id}/schema/validation', ({ caller, path }) =>
    validationResults(world, caller, parseEntityId(path.id)),
  );
  router.get('/repo/v1/entity/{id}/schema/validation/statistics', ({ caller, path }) =>
    validationStatistics(world, caller, parseEntityId(path.id)),
  );
  router.post('/repo/v1/entity/{id}/schema/validation/invalid', ({ caller, path, body }) =>
    invalidChildren(world, caller, parseEntityId(path.id), body.nextPageToken),
  );
}
