import type * as M from '../../../generated/models.js';
import { entityHooks } from '../entities/entityHooks.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { defineTableFiles } from './cellFiles.js';
import { maxColumns, maxRowsPerPage } from './columnLimits.js';
import { getSchema } from './columnModels.js';
import { isTableType } from './tableAccess.js';
import { defineTableJobs } from './tableJobs.js';
import { tablesOf } from './tables.js';
import { currentSchema, definedSchema } from './views/definingSql.js';
import { checkMask } from './views/entityObjects.js';
import { scopeColumns } from './views/scopeColumns.js';

/** Registers the rules of entities with columns, the files in cells, and the jobs on tables. */
export function registerTables(world: World): void {
  const tables = tablesOf(world);
  defineTableTypes(world);
  defineTableFiles(tables);
  defineTableJobs(tables);
  world.jobs.define(
    'org.sagebionetworks.repo.model.table.ViewColumnModelRequest',
    (request) => scopeColumns(world, request),
    { readOnly: true },
  );
}

/** Adds the rules of schemas to the entities with columns. */
function defineTableTypes(world: World): void {
  const hooks = entityHooks(world);
  const withColumns: M.EntityType[] = [
    'table',
    'entityview',
    'submissionview',
    'dataset',
    'datasetcollection',
  ];
  for (const type of withColumns) {
    hooks.extendType(type, {
      prepare: (fields) => {
        const columnIds = (fields.columnIds ?? []).map((id) => id.trim());
        if (type !== 'table' && columnIds.length > maxColumns) {
          throw badRequest(
            `A view cannot have ${columnIds.length} columns.  It must have ${maxColumns} columns or less.`,
          );
        }
        getSchema(world, columnIds);
        if (type === 'entityview') {
          checkMask(fields);
        }
        return { ...fields, columnIds };
      },
    });
  }
  for (const type of ['materializedview', 'virtualtable'] as const) {
    hooks.extendType(type, {
      prepare: (fields, { previous }) => {
        const own = new Set(previous === undefined ? [] : [previous.record.id]);
        const schema = definedSchema(world, type, fields.definingSQL ?? '', own);
        return { ...fields, columnIds: schema.map(({ id }) => id) };
      },
      complete: (record, { fields }) => ({
        columnIds: currentSchema(world, record, fields).map(({ id }) => id),
      }),
    });
  }
  hooks.defineBundlePart('tableBundle', ({ record, version }) => {
    if (!isTableType(record.type)) {
      return undefined;
    }
    const columnModels = currentSchema(world, record, version.fields);
    return {
      columnModels,
      ...(columnModels.length > 0 && { maxRowsPerPage: maxRowsPerPage(columnModels) }),
    };
  });
}
