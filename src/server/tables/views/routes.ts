import { legacyMasks } from '../../entities/typeRules.js';
import type { Router } from '../../kernel/router.js';
import { badRequest, ServiceError } from '../../kernel/serviceError.js';
import { ensureColumn } from '../columnModels.js';
import type { Tables } from '../tables.js';
import { definedSchema } from './definingSql.js';
import { defaultFields } from './objectFields.js';

/** Serves the endpoints for views. */
export function viewRoutes(router: Router, tables: Tables): void {
  const { world } = tables;
  router.get('/repo/v1/column/tableview/defaults', ({ query }) => {
    const type = query.viewEntityType ?? 'entityview';
    const { viewTypeMask } = query;
    if (type === 'entityview' && viewTypeMask === undefined) {
      throw badRequest('viewTypeMask is required.');
    }
    return {
      list: defaultFields(type, viewTypeMask ?? 0).map((field) => ensureColumn(world, field)),
    };
  });
  // For clients that are older than view masks.
  router.extra('GET', '/repo/v1/column/tableview/defaults/{viewtype}', ({ path }) => {
    const type = path['viewtype'] ?? '';
    const mask = Object.entries(legacyMasks).find(([name]) => name === type)?.[1];
    if (mask === undefined) {
      throw badRequest(`There is no view type '${type.slice(0, 100)}'.`);
    }
    return { list: defaultFields('entityview', mask).map((field) => ensureColumn(world, field)) };
  });
  router.post('/repo/v1/validateDefiningSql', ({ body }) => {
    const { definingSql, entityType } = body;
    if (definingSql === undefined || entityType === undefined) {
      throw badRequest('definingSql and entityType are required.');
    }
    try {
      definedSchema(world, entityType, definingSql);
      return { isValid: true };
    } catch (error) {
      if (error instanceof ServiceError) {
        return { isValid: false, invalidReason: error.message };
      }
      throw error;
    }
  });
}
