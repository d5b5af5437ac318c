/** What a limit counts. */
type Unit = 'bytes' | 'characters' | 'days' | 'items' | 'levels' | 'per minute' | 'seconds';

/**
 * One limit of the service: its value and unit, what it is a limit of, where the service says so
 * (a class and constant of its source, or a page of its documentation), and the condition that
 * enforces it. A limit without a condition is always enforced.
 */
export type LimitRow = readonly [
  value: number,
  unit: Unit,
  what: string,
  source: string,
  condition?: string,
];

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const gibibyte = 1024 * mebibyte;

const rows = {
  entityName: [256, 'characters', 'Name of an entity', 'AllTypesValidatorImpl'],
  entityDescription: [1000, 'characters', 'Description of an entity', 'AllTypesValidatorImpl'],
  pathDepth: [50, 'levels', 'Depth of an entity, with the root and itself', 'NodeConstants'],
  children: [10_000, 'items', 'Children of a project or folder', 'stack.properties'],
  versions: [15_000, 'items', 'Versions of an entity', 'EntityManagerImpl'],
  versionText: [256, 'characters', 'Label or comment of a version', 'DBORevision'],
  annotationKeys: [100, 'items', 'Annotations of an entity', 'AnnotationsV2Utils'],
  annotationValues: [100, 'items', 'Values of an annotation', 'AnnotationsV2Utils'],
  annotationText: [
    500,
    'characters',
    'Texts of a STRING annotation together',
    'StringValueListValidator',
  ],
  viewScope: [35_000, 'items', 'Containers of a view; items of a dataset', 'TableConstants'],
  activityText: [1000, 'characters', 'Name or description of an activity', 'ActivityManagerImpl'],
  columnName: [256, 'characters', 'Name of a column', 'TableConstants'],
  stringSize: [1000, 'characters', 'Text of a STRING or LINK', 'ColumnConstants'],
  listLength: [100, 'items', 'Elements of a list in a cell', 'ColumnConstants'],
  mediumText: [2000, 'characters', 'Text of a MEDIUMTEXT', 'ColumnConstants'],
  largeText: [524_288, 'characters', 'Text of a LARGETEXT or JSON', 'ColumnConstants'],
  enumValues: [100, 'items', 'Values of an enumeration', 'stack.properties'],
  columns: [152, 'items', 'Columns of a table or view', 'ColumnConstants'],
  rowBytes: [64_000, 'bytes', 'Widest row of a table', 'ColumnConstants'],
  tableRequest: [
    2 * mebibyte,
    'bytes',
    'Page of a query; row set of an append',
    'stack.properties',
  ],
  tableChange: [5 * mebibyte, 'bytes', 'Rows of one change of a table', 'stack.properties'],
  tableChanges: [45_000, 'items', 'Changes of a table', 'TableEntityManagerImpl'],
  facetValues: [100, 'items', 'Values of a facet', 'FacetTransformerValueCounts'],
  summedFiles: [100, 'items', 'Files whose sizes a query adds', 'TableQueryManagerImpl'],
  checkedFiles: [10_000, 'items', 'Files of a query checked for actions', 'TableQueryManagerImpl'],
  concurrentRequests: [
    3,
    'items',
    'Requests of a user at the same time',
    'UserConcurrentConnectionThrottler',
    'limits',
  ],
  requestRate: [600, 'per minute', 'Requests of a user', 'UserRequestFrequencyThrottler', 'limits'],
  requestBody: [2 * mebibyte, 'bytes', 'Body of an API call', 'RequestSizeThrottleFilter'],
  fileName: [256, 'characters', 'Name of a file', 'Files-ddl.sql'],
  partSize: [5 * gibibyte, 'bytes', 'Part of a multipart upload', 'PartUtils'],
  parts: [10_000, 'items', 'Parts of a multipart upload', 'PartUtils'],
  fileSize: [5 * 1024 * gibibyte, 'bytes', 'File of a multipart upload', 'PartUtils'],
  fileBatch: [100, 'items', 'Files of one request for URLs or copies', 'FileHandleManagerImpl'],
  restoredFiles: [
    1000,
    'items',
    'Handles of one request to restore',
    'FileHandleRestoreRequestWorker',
  ],
  storageLocations: [10, 'items', 'Locations of a project setting', 'ProjectSettingsManagerImpl'],
  archive: [gibibyte, 'bytes', 'Archive of a bulk download', 'FileConstants'],
  downloadList: [100_000, 'items', 'Files of a download list', 'DownloadListManagerImpl'],
  downloadListBatch: [
    1000,
    'items',
    'Files that one request adds or removes',
    'DownloadListManagerImpl',
  ],
  packageSize: [gibibyte, 'bytes', 'Package of a download list', 'FileConstants'],
  packagedFile: [
    Math.floor(gibibyte / 10),
    'bytes',
    'File that fits into a package',
    'FileConstants',
  ],
  legacyDownloadList: [100, 'items', 'Files of a legacy download list', 'BulkDownloadManagerImpl'],
  downloadOrder: [gibibyte, 'bytes', 'Files of a legacy download order', 'FileConstants'],
  wikiTitle: [256, 'characters', 'Title of a wiki page', 'WikiPage-ddl.sql'],
  wikiVersions: [100, 'items', 'Versions of a wiki page that are kept', 'V2WikiManagerImpl'],
  threadTitle: [140, 'characters', 'Title of a discussion thread', 'DiscussionThreadManagerImpl'],
  messageRecipients: [50, 'items', 'Recipients of a message of a user', 'MessageManagerImpl'],
  messages: [10, 'per minute', 'Messages of a user', 'MessageManagerImpl'],
  rejectionReason: [500, 'characters', 'Reason of the rejection of a form', 'FormManagerImpl'],
  statusBatch: [500, 'items', 'Statuses of a batch of submissions', 'SubmissionManagerImpl'],
  accessors: [500, 'items', 'Accessors of a data access request', 'RequestManagerImpl'],
  restrictionBatch: [
    50,
    'items',
    'Objects of one request for restrictions',
    'RestrictionInformationManager',
  ],
  accessTokens: [
    100,
    'items',
    'Personal access tokens of a user',
    'PersonalAccessTokenManagerImpl',
  ],
  refreshTokens: [
    100,
    'items',
    'Refresh tokens of a user for one OAuth client',
    'OAuthRefreshTokenManagerImpl',
  ],
} as const satisfies Record<string, LimitRow>;

type LimitName = keyof typeof rows;

/** The limits of the service by their names. */
export const limitRows: Readonly<Record<string, LimitRow>> = rows;

/** The values of the limits of the service. */
export const limits = Object.fromEntries(
  Object.entries(rows).map(([name, [value]]) => [name, value]),
) as Readonly<Record<LimitName, number>>;
