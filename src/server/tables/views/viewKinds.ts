import type * as M from '../../../../generated/models.js';
import { collectionKind, datasetKind, scopeKind } from './entityObjects.js';
import { submissionKind } from './submissionObjects.js';
import type { ViewKind } from './viewKind.js';

/** The kinds of views whose rows are objects with annotations; `undefined` for other types. */
export function viewKindOf(type: M.EntityType): ViewKind | undefined {
  switch (type) {
    case 'entityview':
      return scopeKind;
    case 'dataset':
      return datasetKind;
    case 'datasetcollection':
      return collectionKind;
    case 'submissionview':
      return submissionKind;
    default:
      return undefined;
  }
}
