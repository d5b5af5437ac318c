export { Synapse } from './synapse.js';
export type { SynapseOptions } from './auth/clientSettings.js';

export { File, Folder, Link, Project } from './entities/entityClasses.js';
export type {
  AnnotationsOf,
  BaseEntity,
  Entity,
  EntityClass,
  EntityInit,
  FileInit,
  LinkInit,
  OtherEntity,
  Parent,
  ProjectInit,
  StreamOfBytes,
  Stored,
} from './entities/entityClasses.js';
export {
  Dataset,
  DatasetCollection,
  EntityView,
  isTableEntity,
  MaterializedView,
  SubmissionView,
  Table,
  VirtualTable,
} from './entities/tableClasses.js';
export type {
  DatasetInit,
  DefinedInit,
  EntityViewInit,
  SqlText,
  SubmissionViewInit,
  TableEntity,
  TableInit,
} from './entities/tableClasses.js';
export type { DatasetItem } from './entities/datasetItems.js';
export type { EntityTarget } from './entities/findTarget.js';
export type { DownloadEntityOptions } from './entities/downloadEntity.js';
export type { GetOptions, Got } from './entities/getEntity.js';
export type { StoreOptions } from './entities/storeOptions.js';
export type { DeleteOptions } from './entities/deleteEntity.js';
export { childTypes, type ChildrenOptions, type ChildTotals } from './entities/getChildren.js';
export type { SetAnnotationsOptions } from './entities/entityAnnotations.js';
export { fromWireAnnotations, toWireAnnotations } from './entities/annotationValues.js';
export type {
  AnnotationOptions,
  Annotations,
  AnnotationsInput,
  AnnotationValue,
  TypedAnnotation,
} from './entities/annotationValues.js';
export type {
  ActivityInput,
  ActivityObject,
  AnyActivity,
  UsedInput,
  UsedItem,
  UsedTarget,
} from './provenance/activity.js';
export {
  Activity,
  UsedEntity,
  UsedURL,
  type UsedEntityInit,
  type UsedURLInit,
} from './provenance/activityClass.js';
export type { GeneratedEntity } from './provenance/generatedEntities.js';
export type { ActivityRef } from './provenance/getActivity.js';
export type { AssociatedFile, AssociateOptions } from './sync/associateFiles.js';
export type { FileHandles } from './fileHandles/fileHandles.js';
export type { CopiedFileHandle, FileHandleToCopy } from './fileHandles/copyFileHandles.js';
export type {
  ExternalBucketObject,
  ExternalFile,
  ExternalObject,
  ExternalUrl,
  ProxiedFile,
} from './fileHandles/createExternal.js';
export type { FileToDownload } from './fileHandles/openFile.js';
export type {
  DownloadFileHandleOptions,
  FileHandleAssociation,
} from './fileHandles/downloadFileHandle.js';
export type { FileContent, UploadFileHandleOptions } from './fileHandles/uploadFileHandle.js';
export type { Provenance } from './provenance/provenance.js';
export type { Migrate } from './migrate/migrate.js';
export type { IndexFilesOptions } from './migrate/indexFilesForMigration.js';
export type { FileVersionStrategy } from './migrate/indexSettings.js';
export type {
  IndexedItem,
  IndexedType,
  LeftOutFile,
  MigrationRow,
  MigrationStatus,
} from './migrate/indexRows.js';
export type { MigrateFilesOptions, MigrationToConfirm } from './migrate/migrateIndexedFiles.js';
export type { MigrationResult, MigrationSummary } from './migrate/migrationResult.js';
export type {
  ActivityNode,
  EntityNode,
  OtherNode,
  ProvenanceEdge,
  ProvenanceGraph,
  ProvenanceNode,
  UrlNode,
  UserNode,
} from './provenance/graph/provenanceGraph.js';
export type { GraphOptions } from './provenance/graph/readGraph.js';
export { toDot } from './provenance/graph/toDot.js';
export { toMermaid } from './provenance/graph/toMermaid.js';
export {
  toProvJson,
  type ProvJson,
  type ProvRecords,
  type ProvValue,
} from './provenance/graph/toProvJson.js';
export { toSvg } from './provenance/graph/toSvg.js';
export type { ColumnSummary } from './tables/summary/columnSummary.js';
export type { FileSummary, SummarizeOptions } from './tables/summary/summarizeFile.js';
export type { Dois } from './dois/dois.js';
export type { DoiCreatorInfo, DoiInfo, DoiInput, DoiObject, DoiOptions } from './dois/doiTypes.js';
export type { SearchFacet, SearchHit, SearchResult } from './search/searchEntities.js';
export type { SearchField } from './search/searchFields.js';
export type {
  SearchConditions,
  SearchFacetRequest,
  SearchOptions,
  SearchPeriod,
} from './search/searchQuery.js';
export type { SearchSuggestion, SuggestionOptions } from './search/suggestTerms.js';
export type { ExportWikiOptions, WikiExport } from './wiki/folder/exportWiki.js';
export type { ImportedWikiPage, ImportWikiOptions, WikiImport } from './wiki/folder/importWiki.js';
export type { WikiPageChange } from './wiki/folder/planImport.js';

export type {
  BotoCredentials,
  ProcessCredentials,
  StsFormat,
  StsOutputs,
} from './storages/s3/stsFormats.js';
export type { StsTokenOptions } from './storages/s3/getStsStorageToken.js';

export { isContainer } from './entities/isContainer.js';
export { CopyPlan } from './copy/copyPlan.js';
export type {
  ApplyCopyOptions,
  CopiedBy,
  CopiedProvenance,
  CopyItem,
  CopyOptions,
  CopyPlanData,
  CopyReport,
  CopyType,
  LeftOutBecause,
  PlanCopyOptions,
} from './copy/copyData.js';
export type { ChangeMetadataOptions, MetadataChange } from './copy/changeMetadata.js';
export type { Sync } from './sync/sync.js';
export type { LeftOut } from './sync/findFiles.js';
export type { DownloadItem, LocalLook } from './sync/download/downloadItem.js';
export type { PlanDownloadOptions } from './sync/download/downloadOptions.js';
export type { SyncFromSynapseOptions } from './sync/download/syncFromSynapse.js';
export type { DownloadSettings, ManifestMode } from './sync/plan/planData.js';
export type { GlobOptions } from './sync/globs.js';
export type {
  DiffedContent,
  DiffedVersion,
  Difference,
  EntityDiff,
} from './sync/diff/entityDiff.js';
export type { DiffItem, DiffState, TreeDiff } from './sync/diff/treeDiff.js';
export { formatLock } from './sync/lock/formatLock.js';
export type { TreeFile, TreeNote } from './sync/lock/treeData.js';
export type { Lock, LockedFile } from './sync/lock/lockData.js';
export type { LockOptions } from './sync/lock/lockFiles.js';
export type { RestoredFile, RestoreOptions, RestoreReport } from './sync/lock/restoreFiles.js';
export type { GetDirectoryOptions } from './sync/getDirectory.js';
export type {
  GeneratedManifest,
  GenerateManifestOptions,
} from './sync/manifest/generateManifest.js';
export type {
  ManifestEntry,
  ManifestFacts,
  ManifestForm,
  ManifestRow,
} from './sync/manifest/manifestRow.js';
export type { MergeManifestsOptions } from './sync/manifest/mergeManifests.js';
export type { ManifestEvent } from './sync/manifest/manifestEvent.js';
export type { ReadManifestOptions } from './sync/manifest/readManifest.js';
export type { ValidateManifestOptions, ValidManifest } from './sync/manifest/validateManifest.js';
export type { WriteManifestOptions, WrittenManifest } from './sync/manifest/writeManifest.js';
export type { StoreDirectoryOptions } from './sync/storeDirectory.js';
export type { ApplyOptions, SyncPlan } from './sync/plan/syncPlan.js';
export type {
  PlanAction,
  PlanData,
  PlanItem,
  PlanProblem,
  PlanTotals,
} from './sync/plan/planData.js';
export type { SyncReport } from './sync/plan/syncReport.js';
export type { PlanUploadOptions } from './sync/upload/planUpload.js';
export type { SyncToSynapseOptions } from './sync/upload/syncToSynapse.js';
export type { UploadActivity, UploadChange, UploadItem } from './sync/upload/uploadItem.js';
export type { SkippedLink, WalkedEntity, WalkOptions, WalkStep } from './sync/walkStep.js';

export { defineTable } from './columns/defineTable.js';
export type {
  NewRowOf,
  NewRowOfColumns,
  RowOf,
  RowOfColumns,
  TableDefinition,
} from './columns/defineTable.js';
export type {
  ColumnInput,
  ColumnProperties,
  ColumnsInput,
  NamedColumn,
  StoredColumn,
  TableColumn,
} from './columns/columnModel.js';
export { columnPropertiesText, columnTypeText } from './columns/columnText.js';
export { planSchemaChange } from './columns/planSchemaChange.js';
export type { ColumnDefinitions } from './columns/readColumns.js';
export type { SchemaChange, SchemaPlan } from './columns/schemaPlan.js';
export type { PythonViewType, ViewedType } from './columns/viewTypes.js';
export type { CellInputs, CellOptions, CellValue, ColumnType } from './columns/columnTypes.js';
export { CellValueError } from './tables/cells/cellValueError.js';
export type { Tables } from './tables/tables.js';
export { sql } from './tables/sql/sql.js';
export type { SqlFragment, SqlValue } from './tables/sql/sqlFragment.js';
export type { SqlScalar } from './tables/sql/sqlWriter.js';
export { CellReadError } from './tables/query/cellReadError.js';
export { QueryError } from './tables/query/queryError.js';
export { TableChangedError } from './tables/query/tableChangedError.js';
export type {
  ColumnFilter,
  FacetSelection,
  FilterInput,
  FilterValue,
  TextFilter,
} from './tables/query/queryFilters.js';
export type { QueryJobOptions, QueryOptions } from './tables/query/queryOptions.js';
export type { FoundParts, QueryParts, WantedParts } from './tables/query/queryParts.js';
export type { OpenedQuery, QueryRow, TableQuery } from './tables/query/tableQuery.js';
export type { ArrowTable } from './tables/arrow/rowsOfArrow.js';
export type { ArrowResult } from './tables/export/arrowResult.js';
export type { ToArrowOptions, ToParquetOptions } from './tables/export/exportOptions.js';
export type { ColumnValues, TableColumns, ToColumnsOptions } from './tables/export/toColumns.js';
export type { ToCsvOptions } from './tables/query/writeCsvResult.js';
export type { ToNdjsonOptions } from './tables/query/writeNdjson.js';
export { rowReference, rowReferenceKey } from './tables/rows/rowReference.js';
export type { ReadRow, RowReference } from './tables/rows/rowReference.js';
export type { CsvDialect } from './tables/csv/csvDialect.js';
export type { AlterOptions, ColumnChanges } from './tables/schema/alterTable.js';
export type { Snapshot, SnapshotOptions } from './tables/snapshots/snapshotTable.js';
export type { ViewExpectation, WaitOptions } from './tables/views/waitForView.js';
export { CsvError } from './tables/csv/csvScanner.js';
export type { CellFile } from './tables/files/cellFiles.js';
export type {
  DownloadCellFilesOptions,
  DownloadedCellFile,
} from './tables/files/downloadCellFiles.js';
export { AppendError } from './tables/rows/appendError.js';
export type { AppendOutcome } from './tables/rows/appendError.js';
export type { AppendOptions } from './tables/rows/appendRows.js';
export type { AppendReport, SendOptions } from './tables/rows/appendSource.js';
export type { FromRowsOptions, FromRowsReport } from './tables/rows/appendToNew.js';
export type { ExpandOptions } from './tables/rows/expandSchema.js';
export { BatcherError } from './tables/rows/batcherError.js';
export type { Batcher, BatcherOptions, BatcherReport } from './tables/rows/batcher.js';
export type { InferenceProfile, InferOptions, InferredColumn } from './tables/rows/inferColumns.js';
export type { RowsInput } from './tables/rows/rowSource.js';
export type { CsvInput, CsvSource } from './tables/rows/rowTypes.js';
export { UnconfirmedError } from './tables/rows/transactionError.js';
export { MissingRowsError, StaleRowsError } from './tables/rows/updateError.js';
export type { RowsErrorOptions } from './tables/rows/updateError.js';
export { ViewRowError, ViewUpdateError } from './tables/rows/updateViewError.js';
export type { UpdateOptions, UpdateReport } from './tables/rows/updateOptions.js';
export type { UpsertOptions, UpsertProblem, UpsertReport } from './tables/rows/upsertOptions.js';
export type {
  DeleteRowsOptions,
  DeleteRowsReport,
  RowId,
  RowsToDelete,
} from './tables/rows/deleteOptions.js';
export type { TransactionOptions } from './tables/rows/transaction.js';
export type { QueryToType, TypesInput } from './tables/types/tableTypes.js';

export type { CredentialSource } from './auth/credentials.js';
export type { Login, LoginOptions, Logout } from './auth/login.js';
export type { TokenClaims } from './auth/token.js';
export { readConfig } from './auth/config.js';
export type { SynapseConfig } from './auth/config.js';
export { writeLogin } from './auth/writeConfig.js';
export type { ProfileLogin, WrittenConfig } from './auth/writeConfig.js';
export type { Keychain } from './auth/keychain.js';
export { CredentialsError } from './auth/credentialsError.js';

export { Cache } from './cache/cache.js';
export type { CachedFile, PurgeResult, VerifiedFile } from './cache/cache.js';
export type { PurgeOptions, PurgeTime } from './cache/foldersToPurge.js';
export type { Collision } from './transfer/collision.js';

export { isSynapseId, parseSynapseId } from './values/ids.js';
export { ExactNumber } from './values/json.js';
export type { EntityRef, EntityVersion } from './values/ids.js';
export { isA } from './types.js';
export type { CommonOptions, Progress, VersionOptions } from './options.js';
export type { Http, HttpOptions } from './api/createHttp.js';
export type { ServiceEndpoints } from './api/endpoints.js';
export type { Listing } from './api/listing.js';
export type { JobOptions } from './api/runJob.js';
export type { RetryOptions } from './api/retryPolicy.js';
export type { WaitNotice } from './api/governor.js';
export type { OnRequest, RequestNotice } from './net/requestNotice.js';
export type { CallOptions, Services } from '../generated/services.js';
export type { Rest } from '../generated/rest.js';

export {
  ArgumentError,
  AsyncJobError,
  AuthenticationError,
  AuthorizationError,
  ConfigError,
  ConflictError,
  DownloadError,
  EndlessPagesError,
  FileSystemError,
  MalformedResponseError,
  Md5MismatchError,
  NetworkError,
  NoCredentialsError,
  NotFoundError,
  PartialFailureError,
  PreconditionFailedError,
  RateLimitError,
  ServerError,
  SynapseError,
  SynapseHttpError,
  TimeoutError,
  UnmetAccessRestrictionError,
  UploadError,
} from './errors.js';
export type { Failure } from './errors.js';

export * from './domains.js';
