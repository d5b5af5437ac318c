import { nearestName } from '../values/nearestName.js';
import { usageError } from './usageError.js';

/** What `synapse create` creates. */
export const containerTypes = ['Project', 'Folder'] as const;

export type ContainerType = (typeof containerTypes)[number];

// Types that need more than a name, and how to create them.
const otherTypes: Readonly<Record<string, string>> = {
  file: 'use `synapse store FILE`',
  fileentity: 'use `synapse store FILE`',
  dataset: '',
  datasetcollection: '',
  dockerrepo: '',
  dockerrepository: '',
  entityview: '',
  fileview: '',
  link: '',
  materializedview: '',
  projectview: '',
  recordset: '',
  submissionview: '',
  table: '',
  tableentity: '',
  view: '',
  virtualtable: '',
};

/**
 * Reads the type of an entity to create: in any case, in the plural, or as the full name of the type in the API.
 *
 * @throws a usage error for any other type.
 */
export function readContainerType(typed: string): ContainerType {
  const name = typed
    .replace(/^org\.sagebionetworks\.repo\.model\.(?:[a-z]+\.)*/, '')
    .replace(/[-_\s]/g, '')
    .toLowerCase();
  const found = containerTypes.find((type) =>
    [name, name.replace(/s$/, '')].includes(type.toLowerCase()),
  );
  if (found !== undefined) return found;
  const remedy = Object.hasOwn(otherTypes, name) ? otherTypes[name] : undefined;
  if (remedy !== undefined) {
    const instead = remedy || 'use `synapse api entity.createEntity --body JSON`';
    throw usageError(
      `Only projects and folders are created by name. For the type ${JSON.stringify(typed)}, ${instead}.`,
    );
  }
  const nearest = nearestName(name, containerTypes);
  const hint = nearest === undefined ? 'Use Project or Folder.' : `Did you mean ${nearest}?`;
  throw usageError(`There is no type ${JSON.stringify(typed)} to create. ${hint}`);
}
