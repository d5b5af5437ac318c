import { requireFields } from '../kernel/requireFields.js';
import type { World } from '../world.js';
import { watchBindings } from './bindings.js';
import { defineSchemaShapes } from './boundSchemas.js';
import { createSchema } from './createSchema.js';
import { getRegisteredByText } from './schemaRecords.js';
import { validationSchema } from './validationSchema.js';

const model = 'org.sagebionetworks.repo.model.schema';

/** Registers the jobs on schemas, the shape of annotations, and the listener that deletes bindings. */
export function registerJsonSchemas(world: World): void {
  defineSchemaShapes(world);
  watchBindings(world);
  world.jobs.define(`${model}.CreateSchemaRequest`, (request, { caller }) =>
    createSchema(world, caller, request),
  );
  world.jobs.define(
    `${model}.GetValidationSchemaRequest`,
    (request) => {
      requireFields(request, ['$id']);
      const { $id } = request;
      return {
        concreteType: `${model}.GetValidationSchemaResponse`,
        validationSchema: validationSchema(world, getRegisteredByText(world, $id)),
      };
    },
    { readOnly: true },
  );
}
