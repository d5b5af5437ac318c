export { Synapse } from './synapse.js';
export type { SynapseOptions } from './auth/clientSettings.js';

export { File, Folder, Link, Project } from './entities/entityClasses.js';
export type {
  AnnotationsOf,
  BaseEntity,
  Entity,
  EntityInit,
  FileInit,
  LinkInit,
  OtherEntity,
  Parent,
  ProjectInit,
  StreamOfBytes,
  Stored,
} from './entities/entityClasses.js';
export type { EntityTarget } from './entities/findTarget.js';
export type { DownloadOptions } from './entities/downloadEntity.js';
export type { CopyToStorageOptions } from './entities/copyToStorageLocation.js';
export type { GetOptions } from './entities/getEntity.js';
export type { StoreOptions } from './entities/storeOptions.js';
export type { DeleteOptions } from './entities/deleteEntity.js';
export type { ChildrenOptions } from './entities/getChildren.js';
export type {
  EntityRef,
  SetAnnotationsOptions,
  VersionOptions,
} from './entities/entityAnnotations.js';
export { annotationsJson } from './entities/annotationsJson.js';
export { fromWireAnnotations } from './entities/annotationValues.js';
export type {
  AnnotationOptions,
  Annotations,
  AnnotationsInput,
  AnnotationValue,
  TypedAnnotation,
} from './entities/annotationValues.js';
export { activityText, usedTexts } from './entities/activity.js';
export type { ActivityInput, UsedInput, UsedItem } from './entities/activity.js';
export type {
  AclOptions,
  EntityPermissions,
  Principal,
  SetPermissionsOptions,
} from './entities/permissions.js';

export { stsFormats } from './storages/stsFormats.js';
export type {
  BotoCredentials,
  ProcessCredentials,
  StsFormat,
  StsOutputs,
} from './storages/stsFormats.js';
export type { StsTokenOptions } from './storages/getStsStorageToken.js';

export { isContainer } from './entities/isContainer.js';
export { getDirectory } from './synapseutils/getDirectory.js';
export type { FileGetter, GetDirectoryOptions } from './synapseutils/getDirectory.js';
export { storeDirectory } from './synapseutils/storeDirectory.js';
export type { EntityStore, StoreDirectoryOptions } from './synapseutils/storeDirectory.js';
export { walk } from './synapseutils/walk.js';
export type { ChildLister, WalkStep } from './synapseutils/walk.js';

export type { CredentialSource } from './auth/credentials.js';
export type { Login, LoginOptions, Logout } from './auth/login.js';
export type { TokenClaims } from './auth/token.js';
export { readConfig } from './auth/config.js';
export type { SynapseConfig } from './auth/config.js';
export { askCredentials } from './auth/askCredentials.js';
export type { Ask } from './auth/askCredentials.js';
export { writeLogin } from './auth/writeConfig.js';
export type { ProfileLogin, WrittenConfig } from './auth/writeConfig.js';
export { sourceText } from './auth/sourceText.js';
export { welcomeText } from './auth/userName.js';
export type { Keychain } from './auth/keychain.js';
export { CredentialsError } from './auth/credentialsError.js';

export { Cache } from './cache/cache.js';
export type { CachedFile, PurgeResult, VerifiedFile } from './cache/cache.js';
export type { PurgeOptions } from './cache/foldersToPurge.js';
export type { Collision } from './transfer/collision.js';

export { isSynapseId, parseSynapseId } from './values/ids.js';
export type { EntityVersion } from './values/ids.js';
export { isA } from './types.js';
export type { CommonOptions, Progress } from './options.js';
export type { Http, HttpOptions } from './http/createHttp.js';
export type { ServiceEndpoints } from './http/endpoints.js';
export type { JobOptions } from './http/runJob.js';
export type { RetryOptions } from './http/retryPolicy.js';
export type { WaitNotice } from './http/governor.js';
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
  FileSystemError,
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
