import type * as M from '../../generated/models.js';
import type { CommonOptions } from '../options.js';
import { versionOf, type EntityRef } from '../values/ids.js';

/** What a DOI names: an entity, one version of it (`syn123.4`), or a resource of a portal. */
export type DoiObject = EntityRef | { portalId: string; resource: string };

/** Which version of the entity is meant. */
export interface DoiOptions extends CommonOptions {
  /** @default the version in the id, else the entity itself, which is always its newest version */
  version?: number;
}

/** A creator of the data. */
export interface DoiCreatorInfo {
  name: string;
  /** Identifiers of the person or organisation, such as an ORCID. */
  identifiers?: { id: string; scheme: M.NameIdentifierScheme }[];
}

/** What a DOI says of its object. */
export interface DoiInput {
  /** Who made the data, most important first. */
  creators: readonly (string | DoiCreatorInfo)[];
  /** The titles; most objects have one. */
  titles: readonly string[] | string;
  /** Four digits. @default the present year, or that of the DOI that is there */
  publicationYear?: number;
  /** @default 'Dataset', or that of the DOI that is there */
  resourceType?: M.DoiResourceTypeGeneral;
  /** The DOI is updated only if it still has this etag. @default the etag that it has */
  etag?: string;
}

/** A DOI. */
export interface DoiInfo {
  /** The identifier: `10.7303/syn123`. */
  doi: string;
  /** The address of the identifier: `https://doi.org/10.7303/syn123`. */
  url: string;
  creators: DoiCreatorInfo[];
  titles: string[];
  publicationYear?: number;
  resourceType?: M.DoiResourceTypeGeneral;
  publisher?: string;
  objectId?: string;
  objectType?: M.DoiObjectType;
  /** Absent when the DOI is that of all versions. */
  version?: number;
  portalId?: string;
  etag: string;
  /** Id of the user who minted it. */
  createdBy?: string;
  createdOn?: string;
  modifiedBy?: string;
  modifiedOn?: string;
}

/** An object as the API names it. */
export interface DoiTarget {
  id: string;
  type: M.DoiObjectType;
  version?: number | undefined;
  portalId?: string | undefined;
}

/** @throws {@link ArgumentError} for what has no id, and for two different versions */
export function doiTarget(object: DoiObject, { version }: DoiOptions): DoiTarget {
  if (typeof object === 'object' && 'portalId' in object) {
    return { id: object.resource, type: 'PORTAL_RESOURCE', portalId: object.portalId };
  }
  return { type: 'ENTITY', ...versionOf(object, version) };
}

export function doiInfo({
  doiUri = '',
  doiUrl = '',
  etag = '',
  creators = [],
  titles = [],
  resourceType,
  ...doi
}: M.Doi): DoiInfo {
  return {
    doi: doiUri,
    url: doiUrl,
    creators: creators.map(({ creatorName = '', nameIdentifiers }) => ({
      name: creatorName,
      ...(nameIdentifiers !== undefined && {
        identifiers: nameIdentifiers.map(({ identifier = '', nameIdentifierScheme = 'ORCID' }) => {
          return { id: identifier, scheme: nameIdentifierScheme };
        }),
      }),
    })),
    titles: titles.map(({ title = '' }) => title),
    publicationYear: doi.publicationYear,
    resourceType: resourceType?.resourceTypeGeneral,
    publisher: doi.publisher,
    objectId: doi.objectId,
    objectType: doi.objectType,
    version: doi.objectVersion,
    portalId: doi.portalId,
    etag,
    createdBy: doi.associatedBy,
    createdOn: doi.associatedOn,
    modifiedBy: doi.updatedBy,
    modifiedOn: doi.updatedOn,
  };
}
