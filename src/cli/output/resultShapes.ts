/**
 * What each command prints with `--json`. docs/json.md is written from it, and explains the notation. Tests run the commands and compare.
 * `...` stands for other members: those of a type of the REST API, of which only the most used are named.
 */

/** Shapes that several results have in common. */
export const namedShapes = {
  Acl: '{ id: text, etag?: text, creationDate?: time, resourceAccess: { principalId: count, accessType: text[] }[], ... }',
  Activity:
    '{ id: text, etag: text, createdBy: text, createdOn: time, modifiedBy: text, modifiedOn: time, name?: text, description?: text, used?: any[], ... }',
  Annotations: '{ [name]: (text | number | flag)[] }',
  Column:
    '{ id?: text, name: text, columnType: text, maximumSize?: count, maximumListLength?: count, facetType?: text, enumValues?: text[], defaultValue?: text, ... }',
  Doi: '{ doi: text, url: text, creators: { name: text, identifiers?: any[] }[], titles: text[], publicationYear?: count, resourceType?: text, version?: count, etag: text, createdBy?: text, createdOn?: time, ... }',
  Entity:
    '{ id: text, name: text, concreteType: text, parentId?: text, etag: text, createdOn: time, createdBy: text, modifiedOn: time, modifiedBy: text, versionNumber?: count, versionLabel?: text, ... }',
  Evaluation:
    '{ id: text, etag: text, name: text, description?: text, ownerId: text, createdOn: time, contentSource: text, submissionInstructionsMessage?: text, ... }',
  Failure: '{ path: text, message: text, ... }',
  Header:
    '{ id: text, name: text, type: text, versionNumber?: count, versionLabel?: text, isLatestVersion?: flag, benefactorId?: count, createdOn: time, modifiedOn: time, createdBy: text, modifiedBy: text, ... }',
  Message:
    '{ id: text, createdBy: text, createdOn: time, fileHandleId?: text, recipients: text[], subject?: text, inReplyTo?: text, inReplyToRoot?: text, status?: text, text?: text, ... }',
  PlanItem:
    '{ action: text, kind: text, path: text, id?: text, name?: text, localPath?: text, parentId?: text, reason?: text, bytes?: count, requests?: count, versionNumber?: count, size?: count, ... }',
  Plan: '{ format: text, version: count, direction: text, items: PlanItem[], problems: any[], ... }',
  Principal: '{ principalId?: count, name?: text, principalType?: text, ... }',
  Reply:
    '{ id: text, forumId: text, projectId: text, threadId: text, createdOn: time, modifiedOn: time, createdBy: text, messageKey: text, isEdited: flag, isDeleted: flag, text?: text, ... }',
  Team: '{ id: text, name: text, description?: text, etag: text, createdBy: text, createdOn: time, modifiedBy: text, modifiedOn: time, canPublicJoin?: flag, ... }',
  Thread:
    '{ id: text, forumId: text, projectId: text, title: text, createdOn: time, modifiedOn: time, createdBy: text, lastActivity: time, messageKey: text, isEdited: flag, isDeleted: flag, isPinned: flag, numberOfReplies: count, numberOfViews: count, activeAuthors: text[], ... }',
  User: '{ ownerId: text, userName: text, isIndividual?: flag, firstName?: text, lastName?: text, ... }',
  WikiPage:
    '{ id: text, etag: text, title?: text, parentId?: text, markdownFileHandleId?: text, attachmentFileHandleIds?: text[], createdOn: time, createdBy: text, modifiedOn: time, modifiedBy: text, ... }',
  WikiTree: '{ id: text, title?: text, parentId?: text, children: WikiTree[] }',
} as const;

const created = '{ id: text, name: text }';
const createdTable = '{ id: text, name: text, columns: Column[] }';
const changedRows =
  '{ dryRun: flag, inserted?: count, updated?: count, unchanged?: count, deleted?: count, problems?: any[], ... }';
const loaded =
  '{ rows: count, transactions: count, bytes?: count, files?: count, dryRun?: flag, columns?: Column[], tableId?: text, ... }';

/** The shape of the result of each command, by its id. */
export const resultShapes: Readonly<Record<string, string>> = {
  'access:grant': 'Acl',
  'access:list':
    '{ lists: { id: text, name: text, type: text, entries: { principalId: count, name?: text, principalType: text, accessTypes: text[], ... }[] }[], inheriting: { id: text, name: text, type: text, parentId: text, inheritedFrom: text }[], failed: any[] }',
  'access:requirements':
    '{ id: count, kind: text, isMet: flag, name?: text, todo?: text, url: text, ... }[] | { accepted: any[], failed: any[], ... }',
  'access:reset':
    '{ dryRun: flag, items: { id: text, name: text, type: text, benefactor: text, action: text, ... }[], ... }',
  'access:revoke': 'Acl',
  'access:why':
    '{ may: flag, principal: Principal, target: { kind: text, id: text, name?: text }, accessTypes: text[], because: { kind: text, allows: flag, message: text, ... }[], todo: any[] }',
  api: 'any',
  associate: '{ path: text, id: text, versionNumber?: count }[]',
  'auth:status':
    '{ userName: text, userId: text, source: text, scopes?: text[], isVariableIgnored: flag, ... }',
  autocomplete: '{ shell: text, script?: text } | { isCacheForgotten: flag }',
  'autocomplete:install': '{ shell: text, files: { path: text, change: text, ... }[] }',
  'autocomplete:script': '{ shell: text, line: text }',
  'cache:list': '{ fileHandleId: text, path: text, modified: time, md5?: text }[]',
  'cache:prune': '{ root: text, folders: any[], bytes: count, ... }',
  'cache:size': '{ root: text, files: count, bytes: count }',
  'cache:verify':
    '{ root: text, ok: count, missing: count, modified: count, corrupt: count, found: any[] }',
  config: '{ userName: text, userId: text, profile?: text, path: text, backup?: text }',
  cp: '{ mapping: { [id]: text }, leftOut: any[], failures: any[], ... } | { format: text, version: count, sourceId: text, destinationId: text, items: PlanItem[], problems: any[], ... }',
  create: created,
  'dataset:create': '{ id: text, name: text, items: { id: text, version?: count, ... }[], ... }',
  delete: '{ id: text, version?: count } | { id: text, version?: count }[]',
  diff: '{ isSame: flag, ... }',
  'discussion:list': 'Thread[]',
  'discussion:post': 'Thread',
  'discussion:reply': 'Reply',
  'discussion:show':
    '{ id: text, title: text, projectId: text, createdOn: time, createdBy: text, text: text, replies: Reply[], ... }',
  'doi:create': 'Doi',
  'doi:show': 'Doi',
  doctor:
    '{ ok: flag, problems: count, notes: count, checks: { check: text, level: text, message: text, advice?: text, details?: any }[] }',
  'download-list:add': '{ added: count, alreadyListed: count, failed: any[] }',
  'download-list:clear': '{ cleared: flag }',
  'download-list:list':
    '{ files: { fileEntityId: text, versionNumber?: count, fileName: text, fileSizeBytes: count, projectId: text, projectName: text, addedOn: time, ... }[], statistics: { totalNumberOfFiles: count, ... }, actionsRequired: any[] }',
  'download-list:manifest': '{ path: text }',
  'download-list:remove': '{ removed: count, notListed: count }',
  'evaluation:create': 'Evaluation',
  'evaluation:delete': '{ id: text, name: text, deleted: flag }',
  'evaluation:download': '{ id: text, entityId: text, path?: text, ... }[]',
  'evaluation:list': 'Evaluation[]',
  'evaluation:score': '{ updated: any[], failed: { submissionId: text, error: text }[] }',
  'evaluation:show':
    '{ id: text, etag: text, name: text, ownerId: text, createdOn: time, contentSource: text, rounds: any[], permissions?: any, ... }',
  'evaluation:submissions':
    '{ submission: { id: text, evaluationId: text, userId: text, entityId: text, versionNumber?: count, createdOn: time, name?: text, ... }, status: { id: text, status: text, modifiedOn: time, ... }, ... }[]',
  'favorite:add': 'Header[]',
  'favorite:list': 'Header[]',
  'favorite:remove': '{ id: text }[]',
  get: '{ id: text, name: text, versionNumber?: count, path?: text } | { id: text, name: text, versionNumber?: count, path?: text }[] | Plan',
  'get-annotations':
    '{ id: text, etag: text, annotations: { [name]: { type: text, value: text[] } } }',
  'get-download-list':
    '{ done: { id: text, path: text, ... }[], skipped: any[], blocked: count, actionsRequired: any[], removed: count, bytes: count, manifest?: text, failed: any[] }',
  'get-provenance': 'Activity',
  'get-sts-token':
    '{ accessKeyId: text, secretAccessKey: text, sessionToken: text, expiration: time, bucket?: text, baseKey?: text, ... }',
  list: '{ id: text, name: text, type: text, versionNumber?: count, versionLabel?: text, isLatestVersion?: flag, benefactorId?: count, createdOn: time, modifiedOn: time, createdBy: text, modifiedBy: text, depth: count, contentSize?: count }[]',
  'local:export': '{ fixture: text, entities: count, leftOut: text[] }',
  'local:reset': '{ data: text, removed: flag }',
  'local:start':
    '{ endpoint: text, repoEndpoint: text, authEndpoint: text, fileHandleEndpoint: text, userId: text, userName: text, authToken: text, recovery?: any }',
  'local:status': '{ running: flag, endpoint?: text, status?: text, version?: text, ... }',
  lock: '{ output: text, files: count, failures: any[] } | { ... }',
  login: '{ userName: text, userId: text, source: text, remembered: flag, ... }',
  logout: '{ keychain: text, profile: text, reason?: text }',
  manifest: '{ path?: text, rows: count, folders?: any, ... }',
  'manifest:merge': '{ path: text, rows: count, problems: any[] }',
  'message:archive': '{ id: text, status: text }',
  'message:list': 'Message[]',
  'message:reply': 'Message',
  'message:send': 'Message',
  'message:show': 'Message',
  migrate:
    '{ id: text, storageLocationId: text, index: text, state: text, counts: { [state]: count }, leftOut: count, items?: any[], leftOutItems?: any[], ... }',
  mv: '{ id: text, parentId: text }',
  open: '{ url: text, opened: flag }',
  'provenance:graph':
    '{ root: text, nodes: { kind: text, key: text, id?: text, version?: count, name?: text, type?: text, url?: text, ... }[], edges: { kind: text, from: text, to: text }[], ... }',
  query: '{ [column]: any }[] | { path: text, format: text }',
  restore:
    '{ directory: text, items: { id: text, version: count, path: text, action: text, bytes: count, ... }[], ... }',
  search:
    '{ id: text, name?: text, type?: text, description?: text, path?: any[], createdOn?: time, createdBy?: text, modifiedOn?: time, modifiedBy?: text, ... }[]',
  'set-annotations': 'Annotations',
  'set-provenance': 'Activity',
  show: '{ entity: Entity, annotations: Annotations, activity?: Activity, ... }',
  'storage:create':
    '{ storageLocationId: count, kind: text, concreteType: text, uploadType: text, etag: text, createdOn: time, createdBy: count, ... }',
  'storage:reset': '{ id: text, removed: flag }',
  'storage:set':
    '{ id: text, projectId: text, locations: count[], settingsType: text, etag: text, ... }',
  'storage:show':
    '{ id: text, projectId: text, locations: { storageLocationId: count, uploadType: text, destination: any, usage?: any, ... }[], setBy?: { id: text, name: text, ... }, ... }',
  'storage:usage':
    '{ projectId: text, locations: { storageLocationId: count, sumFileBytes: count, isOverLimit?: flag, ... }[] }',
  store:
    '{ id: text, name: text, versionNumber?: count } | { id: text, name: text, concreteType: text, path: text, action?: text }[] | Plan',
  'store-table': loaded,
  submit:
    '{ id: text, evaluationId: text, userId: text, entityId: text, versionNumber?: count, name?: text, createdOn: time, leftOut: any[], ... }',
  sync: '{ done: PlanItem[], skipped: any[], leftOut: any[], failures: Failure[], bytes: count, ... } | Plan',
  'table:append': loaded,
  'table:create': createdTable,
  'table:delete-rows': changedRows,
  'table:describe':
    '{ id: text, name: text, concreteType: text, rows?: count, columns: Column[], isSearchEnabled?: flag, ... }',
  'table:schema': '{ columns: Column[], changes?: any[], problems?: any[] }',
  'table:snapshot': '{ id: text, versionNumber: count, versionedId: text, label?: text }',
  'table:types': '{ types: text }',
  'table:update': changedRows,
  'table:upsert': changedRows,
  'team:create': 'Team',
  'team:delete': '{ id: text, name: text, deleted: flag }',
  'team:invite': '{ invitee: text, state?: text, invitation?: any, withdrawn?: count }[]',
  'team:join':
    '{ team: text, joined: flag } | { id: text, teamId: text, userId: text, createdOn: time, message?: text, ... }',
  'team:leave': '{ team: text, left: flag }',
  'team:list':
    'Team[] | { id: text, teamId: text, createdBy: text, createdOn: time, message?: text, ... }[]',
  'team:members':
    '{ teamId: text, member: User, isAdmin: flag }[] | { id: text, teamId: text, inviteeId?: text, inviteeEmail?: text, createdBy: text, createdOn: time, ... }[] | { user: text, isManager: flag }[]',
  'team:remove': '{ team: text, user: text }[]',
  'team:requests': '{ id?: text, userId?: text, createdOn?: time, message?: text, ... }[]',
  'team:show': '{ id: text, name: text, memberCount: count, managers: text[], ... }',
  tree: '{ id: text, name: text, type: text, children: any[], totals: { counts: { [type]: count }, bytes?: count, unopened: count, ... }, ... }',
  'user:search': 'User[]',
  'user:show':
    '{ ownerId: text, userName: text, firstName?: text, lastName?: text, isCertified?: flag, isVerified?: flag, isACTMember?: flag, isARReviewer?: flag, ... }',
  'version:label':
    '{ id: text, versionNumber: count, versionLabel?: text, versionComment?: text, ... }',
  'version:list':
    '{ id: text, versionNumber: count, versionLabel?: text, versionComment?: text, isLatestVersion?: flag, modifiedBy: text, modifiedByPrincipalId: text, modifiedOn: time, contentMd5?: text, contentSize?: count, ... }[]',
  'version:restore': '{ id: text, from: count, versionNumber: count, changed: text[] }',
  'view:create': createdTable,
  'wiki:copy': '{ id: text, title?: text, copyOf: text, parentId?: text }[]',
  'wiki:delete': '{ id: text, deleted: flag }',
  'wiki:export':
    '{ directory: text, pages: { id: text, title?: text, file: text, ... }[], written: text[], deleted: any[], kept: any[], failures: any[] }',
  'wiki:history': '{ version: count, modifiedOn: time, modifiedBy: text }[]',
  'wiki:import':
    '{ pages: { file: text, id?: text, title?: text, action: text, ... }[], deleted: any[], kept: any[], isReordered: flag, warnings: any[], failures: any[], ... }',
  'wiki:list': 'WikiTree | null',
  'wiki:restore': 'WikiPage',
  'wiki:show': '{ id: text, title?: text, markdown: text, createdOn: time, modifiedOn: time, ... }',
  'wiki:store': 'WikiPage',
};
