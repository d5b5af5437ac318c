import {
  anything,
  count,
  flag,
  headerValue,
  listOf,
  mapOf,
  members,
  number,
  scalar,
  text,
  textOrNull,
  time,
  type Shape,
} from './shape.js';

/** Properties of entities that the functions of this package read. Other properties are passed on unread. */
const entityMembers = {
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
const entity = members({ concreteType: text, id: text, name: text, etag: text }, entityMembers);

const annotation = members({ value: listOf(scalar) }, { type: text });
const annotations = members({ id: text, etag: text, annotations: mapOf(annotation) });

const fileHandleMembers = {
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
const fileHandle = members({ concreteType: text, id: text }, fileHandleMembers);

const uploadDestination = members(
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

const multipartStatus = members(
  { uploadId: text, state: text },
  { partsState: text, resultFileHandleId: text },
);

const isHeaderName = (name: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(name);
const partUrl = members(
  { partNumber: count, uploadPresignedUrl: text },
  { signedHeaders: mapOf(headerValue, isHeaderName) },
);

const fileResult = members(
  { fileHandleId: text },
  { fileHandle, preSignedURL: text, failureCode: text },
);

const activity = members(
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

const restriction = members(
  {},
  {
    restrictionLevel: text,
    hasUnmetAccessRequirement: flag,
    restrictionDetails: listOf(members({}, { isApproved: flag, accessRequirementId: count })),
  },
);

const columnProperties = {
  maximumSize: count,
  maximumListLength: count,
  defaultValue: text,
  enumValues: listOf(text),
  facetType: text,
};
const columnModel = members({ id: text, name: text, columnType: text }, columnProperties);
const newColumn = members({ name: text, columnType: text }, columnProperties);

const header = members(
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
const acl = members(
  { resourceAccess: listOf(members({ principalId: count, accessType: listOf(text) })) },
  { id: text, etag: text },
);

const permissions = members(
  { canView: flag, canEdit: flag, canAddChild: flag, canDelete: flag, canDownload: flag },
  {
    canModerate: flag,
    canChangePermissions: flag,
    canChangeSettings: flag,
    isCertifiedUser: flag,
    isCertificationRequired: flag,
  },
);

/** Every request for a bundle asks for the entity. */
const bundle = members(
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
  },
);

const profile = members(
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

const userHeader = members({ ownerId: text, userName: text }, { isIndividual: flag });
const userHeaders = members({}, { children: listOf(userHeader) });

const login = members({ accessToken: text }, { acceptsTermsOfUse: flag });

const page = (item: Shape): Shape => members({ results: listOf(item) });

const selectColumn = members({}, { name: text, columnType: text, id: text });

const row = members(
  {},
  { rowId: count, versionNumber: count, etag: text, values: listOf(textOrNull) },
);

const queryResult = members(
  {},
  {
    queryResults: members({}, { etag: text, headers: listOf(selectColumn), rows: listOf(row) }),
    nextPageToken: members({}, { token: text }),
  },
);

const jobToken = members({ token: text });
/** The result of each change of a table. */
const tableChange = members(
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

/** The state of an asynchronous job. */
export const jobStatus = members(
  {},
  {
    jobState: text,
    progressCurrent: number,
    progressTotal: number,
    progressMessage: text,
    errorMessage: text,
    errorDetails: text,
  },
);

const wikiPage = members(
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
const wikiOrder = members({}, { idList: listOf(text), etag: text });

/** The operations on the wikis of one kind of owner. */
function wikiShapes(owner: string): [string, Shape][] {
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

/**
 * What the functions of this package read in the answers to the operations that they call. Less than the API description says:
 * an answer is refused only for what would otherwise do harm.
 */
export const answerShapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['accessRequirement.createLockAccessRequirement', anything],
  ['accessRequirement.listEntityAccessRequirements', page(anything)],
  ['activity.createActivity', activity],
  ['activity.deleteActivity', anything],
  ['activity.updateActivity', activity],
  ['authentication.login', login],
  ['entity.createEntity', entity],
  ['entity.createEntityAcl', acl],
  ['entity.deleteEntity', anything],
  ['entity.deleteEntityVersion', anything],
  ['entity.getEntity', entity],
  ['entity.getEntityAcl', acl],
  ['entity.getEntityActivity', activity],
  ['entity.getEntityAnnotations', annotations],
  ['entity.getEntityBenefactor', members({ id: text })],
  ['entity.getEntityChildId', members({ id: text })],
  ['entity.getEntityHeader', header],
  ['entity.getEntityPath', members({ path: listOf(header) })],
  ['entity.getEntityPermissions', permissions],
  [
    'entity.getEntityStsCredentials',
    members(
      { accessKeyId: text, secretAccessKey: text, sessionToken: text, expiration: time },
      { bucket: text, baseKey: text },
    ),
  ],
  ['entity.getEntityVersion', entity],
  ['entity.getEntityVersionActivity', activity],
  ['entity.getEntityVersionAnnotations', annotations],
  ['entity.listEntitiesByMd5', page(header)],
  ['entity.listEntityHeaders', page(header)],
  [
    'entity.listEntityVersions',
    page(
      members(
        {},
        {
          contentSize: text,
          versionNumber: count,
          versionLabel: text,
          versionComment: text,
          modifiedByPrincipalId: text,
          modifiedOn: text,
        },
      ),
    ),
  ],
  [
    'entity.listEntityChildren',
    members(
      { page: listOf(header) },
      { nextPageToken: text, totalChildCount: count, sumFileSizesBytes: count },
    ),
  ],
  ['entity.removeEntityActivity', anything],
  ['entity.setEntityActivity', activity],
  ['entity.updateEntity', entity],
  ['entity.updateEntityAcl', acl],
  ['entity.updateEntityAnnotations', annotations],
  ['entity.updateEntityVersionFileHandle', anything],
  ['entityBundle.createEntityBundle', bundle],
  ['entityBundle.getEntityBundle', bundle],
  ['entityBundle.getEntityVersionBundle', bundle],
  ['file.addMultipartUploadPart', members({ addPartState: text }, { errorMessage: text })],
  ['file.completeMultipartUpload', multipartStatus],
  [
    'file.copyFileHandleBatch',
    members({
      copyResults: listOf(members({}, { newFileHandle: fileHandle, failureCode: text })),
    }),
  ],
  ['file.createExternalFileHandle', fileHandle],
  ['file.createExternalS3FileHandle', fileHandle],
  ['file.createMultipartUpload', multipartStatus],
  ['file.getDefaultUploadDestination', uploadDestination],
  ['file.deleteFileHandle', anything],
  ['file.getFileHandle', fileHandle],
  ['file.getFileHandleUrl', text],
  ['file.getFileHandleBatch', members({ requestedFiles: listOf(fileResult) })],
  ['file.getMultipartUploadUrlBatch', members({ partPresignedUrls: listOf(partUrl) })],
  ['file.getUploadDestination', uploadDestination],
  ['message.listOutboxMessages', page(members({}, { fileHandleId: text }))],
  ['message.sendMessage', members({ id: text })],
  [
    'projectSettings.getStorageLocation',
    members({ concreteType: text }, { storageLocationId: count }),
  ],
  ['table.createColumnBatch', members({ list: listOf(columnModel) })],
  ['table.createTableSnapshot', members({ snapshotVersionNumber: count })],
  ['table.getColumn', columnModel],
  [
    'table.getTableCsvDownloadResult',
    members({ resultsFileHandleId: text }, { etag: text, headers: listOf(selectColumn) }),
  ],
  ['table.getQueryNextPageResult', queryResult],
  [
    'table.getTableQueryResult',
    members(
      {},
      {
        queryResult,
        queryCount: count,
        selectColumns: listOf(selectColumn),
        maxRowsPerPage: count,
        columnModels: listOf(columnModel),
        facets: listOf(anything),
        sumFileSizes: members({ sumFileSizesBytes: count, greaterThan: flag }),
        lastUpdatedOn: time,
        combinedSql: text,
        actionsRequired: listOf(anything),
      },
    ),
  ],
  [
    'table.getViewScopeColumnLookupResult',
    members({ results: listOf(newColumn) }, { nextPageToken: text }),
  ],
  ['table.listDefaultViewColumns', members({ list: listOf(columnModel) })],
  [
    'table.getTableTransactionResult',
    members({}, { results: listOf(tableChange), snapshotVersionNumber: count }),
  ],
  ['table.listTableColumns', page(columnModel)],
  ['table.startQueryNextPage', jobToken],
  ['table.startTableCsvDownload', jobToken],
  ['table.startTableQuery', jobToken],
  ['table.startTableTransaction', jobToken],
  ['table.startViewScopeColumnLookup', jobToken],
  ['table.validateDefiningSql', members({ isValid: flag }, { invalidReason: text })],
  ['team.listUserTeamIds', members({ teamIds: listOf(text) }, { nextPageToken: text })],
  ['twoFactorAuthentication.loginWithTwoFactorAuth', login],
  ['userProfile.getMyUserProfile', profile],
  ['userProfile.getUserProfile', profile],
  ['userProfile.listMyProjects', page(members({}, { id: text }))],
  ['userProfile.listUserGroupHeaders', userHeaders],
  ['userProfile.listUserGroupHeadersByAliases', members({ list: listOf(userHeader) })],
  ['userProfile.listUserGroupHeadersByIds', userHeaders],
  ...['AccessRequirement', 'Entity', 'Evaluation'].flatMap(wikiShapes),
  ['wiki.getEntityWikiOrderHint', wikiOrder],
  ['wiki.updateEntityWikiOrderHint', wikiOrder],
  ['wikiV1.getEntityRootWikiPageV1', members({}, { id: text, markdown: text })],
]);
