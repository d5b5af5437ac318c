import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';

/** What the search knows of an entity. `type` is `project`, `folder`, `file`, `table` and so on. */
export type SearchField =
  | 'id'
  | 'name'
  | 'description'
  | 'type'
  | 'createdBy'
  | 'createdOn'
  | 'modifiedBy'
  | 'modifiedOn'
  | 'consortium'
  | 'diagnosis'
  | 'organ'
  | 'tissue';

/** The names of a field in the API: in conditions and hits, and in the request of facets. */
interface FieldNames {
  key: string;
  facet: M.SearchFieldName;
}

const fields: Readonly<Record<SearchField, FieldNames>> = {
  id: { key: 'id', facet: 'Id' },
  name: { key: 'name', facet: 'Name' },
  description: { key: 'description', facet: 'Description' },
  type: { key: 'node_type', facet: 'EntityType' },
  createdBy: { key: 'created_by', facet: 'CreatedBy' },
  createdOn: { key: 'created_on', facet: 'CreatedOn' },
  modifiedBy: { key: 'modified_by', facet: 'ModifiedBy' },
  modifiedOn: { key: 'modified_on', facet: 'ModifiedOn' },
  consortium: { key: 'consortium', facet: 'Consortium' },
  diagnosis: { key: 'diagnosis', facet: 'Diagnosis' },
  organ: { key: 'organ', facet: 'Organ' },
  tissue: { key: 'tissue', facet: 'Tissue' },
};

/** @throws {@link ArgumentError} for another name */
export function searchField(name: string): SearchField {
  const field = allFields().find((each) => each === name);
  if (field !== undefined) return field;
  const similar = allFields().find((each) => each.toLowerCase() === name.toLowerCase());
  const hint = similar === undefined ? '' : ` Did you mean ${similar}?`;
  throw new ArgumentError(
    `The search has no field ${quoted(name)}.${hint} It has: ${allFields().join(', ')}.`,
  );
}

export function fieldNames(field: SearchField): FieldNames {
  return fields[field];
}

/** The field of a facet in an answer, which can have either name of the API. */
export function fieldOfFacet(name: string): SearchField | undefined {
  return allFields().find((field) => {
    const { key, facet } = fields[field];
    return key === name || facet === name;
  });
}

function allFields(): SearchField[] {
  return Object.keys(fields).filter((name): name is SearchField => name in fields);
}
