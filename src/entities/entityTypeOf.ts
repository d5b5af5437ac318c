import type * as M from '../../generated/models.js';
import { shortName } from '../values/shortName.js';

/** The types whose name is not that of their class. */
const otherNames: Readonly<Record<string, string>> = {
  fileentity: 'file',
  tableentity: 'table',
  dockerrepository: 'dockerrepo',
};

/** The type of a concrete type: `file` of `org.sagebionetworks.repo.model.FileEntity`. */
export function entityTypeOf(concreteType: string): M.EntityType {
  const name = shortName(concreteType).toLowerCase();
  return (otherNames[name] ?? name) as M.EntityType;
}
