/**
 * The commands and topics in the order in which the help and the pages about the command line list them: by what a user wants
 * to do, the most frequent first. Every command without a topic, and every topic, is in one group.
 */
export const groups: Readonly<Record<string, readonly string[]>> = {
  'Log in': ['login', 'logout', 'auth', 'config'],
  'Files and folders': [
    'get',
    'store',
    'list',
    'tree',
    'show',
    'create',
    'delete',
    'mv',
    'cp',
    'cat',
    'head',
    'version',
  ],
  'Whole projects': [
    'sync',
    'manifest',
    'diff',
    'lock',
    'restore',
    'download-list',
    'get-download-list',
  ],
  'Tables and views': ['query', 'table', 'store-table', 'view', 'dataset'],
  'About the data': [
    'get-annotations',
    'set-annotations',
    'get-provenance',
    'set-provenance',
    'provenance',
    'wiki',
  ],
  'People and access': ['access', 'team', 'user', 'message', 'discussion'],
  Challenges: ['submit', 'evaluation'],
  Storage: ['storage', 'get-sts-token', 'migrate', 'cache', 'associate'],
  Tools: ['doctor', 'api', 'local', 'autocomplete'],
};
