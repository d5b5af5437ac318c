import { isHeaderName } from '../../values/headerText.js';
import {
  count,
  flag,
  headerValue,
  listOf,
  mapOf,
  members,
  scalar,
  text,
  textOrNull,
  type Shape,
} from '../shape.js';

/** Properties of entities that the functions of this package read. Other properties are passed on unread. */
export const entityMembers = {
  name: text,
  etag: text,
  parentId: text,
  description: text,
  createdOn: text,
  createdBy: text,
  modifiedOn: text,
  modifiedBy: text,
  versionNumber: count,
  versionLabel: text,
  versionComment: text,
  isLatestVersion: flag,
  dataFileHandleId: text,
  linksTo: members({}, { targetId: text, targetVersionNumber: count }),
  linksToClassName: text,
  alias: text,
  columnIds: listOf(text),
  isSearchEnabled: flag,
  viewTypeMask: count,
  scopeIds: listOf(text),
  items: listOf(members({ entityId: text }, { versionNumber: count })),
  definingSQL: text,
};
export const entity = members(
  { concreteType: text, id: text, name: text, etag: text },
  entityMembers,
);

export const annotation = members({ value: listOf(scalar) }, { type: text });
export const annotations = members({ id: text, etag: text, annotations: mapOf(annotation) });

export const fileHandleMembers = {
  etag: text,
  createdOn: text,
  createdBy: text,
  contentType: text,
  contentMd5: text,
  contentSize: count,
  fileName: text,
  storageLocationId: count,
  externalURL: text,
  bucketName: text,
  key: text,
  fileKey: text,
  bucket: text,
  endpointUrl: text,
};
export const fileHandle = members({ concreteType: text, id: text }, fileHandleMembers);

export const uploadDestination = members(
  { concreteType: text },
  {
    storageLocationId: count,
    banner: text,
    uploadType: text,
    url: text,
    bucket: text,
    baseKey: text,
    endpointUrl: text,
    keyPrefixUUID: text,
    stsEnabled: flag,
  },
);

export const multipartStatus = members(
  { uploadId: text, state: text },
  { partsState: text, resultFileHandleId: text },
);

export const partUrl = members(
  { partNumber: count, uploadPresignedUrl: text },
  { signedHeaders: mapOf(headerValue, isHeaderName) },
);

export const fileResult = members(
  { fileHandleId: text },
  { fileHandle, preSignedURL: text, failureCode: text },
);

export const activity = members(
  { id: text },
  {
    name: text,
    description: text,
    etag: text,
    createdOn: text,
    createdBy: text,
    modifiedOn: text,
    used: listOf(
      members(
        {},
        {
          concreteType: text,
          wasExecuted: flag,
          name: text,
          url: text,
          reference: members({}, { targetId: text, targetVersionNumber: count }),
        },
      ),
    ),
  },
);

export const restriction = members(
  {},
  {
    restrictionLevel: text,
    hasUnmetAccessRequirement: flag,
    restrictionDetails: listOf(
      members({}, { isApproved: flag, isMet: flag, isExempt: flag, accessRequirementId: count }),
    ),
  },
);

export const columnProperties = {
  maximumSize: count,
  maximumListLength: count,
  defaultValue: text,
  enumValues: listOf(text),
  facetType: text,
};
export const columnModel = members({ id: text, name: text, columnType: text }, columnProperties);
export const newColumn = members({ name: text, columnType: text }, columnProperties);

export const header = members(
  { id: text, name: text, type: text },
  {
    versionNumber: count,
    versionLabel: text,
    createdOn: text,
    createdBy: text,
    modifiedOn: text,
    modifiedBy: text,
    benefactorId: count,
  },
);

/** A change writes the whole list: with entries missing, it would take access from others. */
export const acl = members(
  { resourceAccess: listOf(members({ principalId: count, accessType: listOf(text) })) },
  { id: text, etag: text },
);

export const permissions = members(
  { canView: flag, canEdit: flag, canAddChild: flag, canDelete: flag, canDownload: flag },
  {
    canModerate: flag,
    canChangePermissions: flag,
    canChangeSettings: flag,
    ownerPrincipalId: count,
    isEntityOpenData: flag,
    isCertifiedUser: flag,
    isCertificationRequired: flag,
  },
);

/** Every request for a bundle asks for the entity. */
export const bundle = members(
  { entity },
  {
    annotations,
    fileHandles: listOf(fileHandle),
    restrictionInformation: restriction,
    activity,
    permissions,
    rootWikiId: text,
    path: members({ path: listOf(header) }),
    tableBundle: members({}, { columnModels: listOf(columnModel) }),
    benefactorAcl: acl,
  },
);

export const profile = members(
  { ownerId: text },
  {
    userName: text,
    displayName: text,
    firstName: text,
    lastName: text,
    email: text,
    emails: listOf(text),
  },
);

export const userHeader = members({ ownerId: text, userName: text }, { isIndividual: flag });
export const userHeaders = members({}, { children: listOf(userHeader) });

export const login = members({ accessToken: text }, { acceptsTermsOfUse: flag });

export const page = (item: Shape): Shape => members({ results: listOf(item) });

export const selectColumn = members({}, { name: text, columnType: text, id: text });

export const row = members(
  {},
  { rowId: count, versionNumber: count, etag: text, values: listOf(textOrNull) },
);

export const queryResult = members(
  {},
  {
    queryResults: members({}, { etag: text, headers: listOf(selectColumn), rows: listOf(row) }),
    nextPageToken: members({}, { token: text }),
  },
);

export const jobToken = members({ token: text });
/** The result of each change of a table. */
export const tableChange = members(
  { concreteType: text },
  {
    rowsProcessed: count,
    rowReferenceSet: members(
      {},
      { rows: listOf(members({}, { rowId: count, versionNumber: count })) },
    ),
    updateResults: listOf(members({}, { entityId: text, failureCode: text, failureMessage: text })),
  },
);

export const wikiPage = members(
  { id: text, etag: text, markdownFileHandleId: text },
  {
    parentWikiId: text,
    title: text,
    attachmentFileHandleIds: listOf(text),
    createdOn: text,
    createdBy: text,
    modifiedOn: text,
    modifiedBy: text,
  },
);
export const wikiOrder = members({}, { idList: listOf(text), etag: text });

/** The operations on the wikis of one kind of owner. */
export function wikiShapes(owner: string): [string, Shape][] {
  const header = members({ id: text }, { title: text, parentId: text });
  const version = members({ version: text }, { modifiedOn: text, modifiedBy: text });
  const attachment = members(
    { concreteType: text, id: text },
    { ...fileHandleMembers, isPreview: flag, previewId: text },
  );
  return [
    [`wiki.create${owner}WikiPage`, wikiPage],
    [`wiki.get${owner}RootWikiPage`, wikiPage],
    [`wiki.get${owner}WikiAttachmentPreviewUrl`, text],
    [`wiki.get${owner}WikiPage`, wikiPage],
    [`wiki.list${owner}WikiAttachmentHandles`, members({ list: listOf(attachment) })],
    [`wiki.list${owner}WikiHeaders`, page(header)],
    [`wiki.list${owner}WikiHistory`, page(version)],
    [`wiki.restore${owner}WikiPageVersion`, wikiPage],
    [`wiki.update${owner}WikiPage`, wikiPage],
  ];
}
