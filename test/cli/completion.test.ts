import { describe, expect, test } from '@jest/globals';
import { completionsFor } from '../../src/cli/completion/completionsFor.js';
import type { CommandShape } from '../../src/cli/completion/commandShape.js';
import type {
  CompletionSources,
  ListName,
  NamedItem,
} from '../../src/cli/completion/completionSources.js';
import { operationData } from '../../src/cli/completion/operationData.js';

const shared: CommandShape['flags'] = {
  profile: { type: 'option', helpGroup: 'GLOBAL', valueKind: 'profile' },
  endpoint: { type: 'option', helpGroup: 'GLOBAL', valueKind: undefined },
  quiet: { type: 'boolean', helpGroup: 'GLOBAL', aliases: ['silent'] },
};

const commands: Record<string, CommandShape> = {
  get: {
    id: 'get',
    args: { id: { valueKind: 'entity' }, to: { valueKind: 'directory' } },
    flags: {
      'if-collision': { type: 'option', options: ['keep.both', 'keep.local', 'overwrite.local'] },
      recursive: { type: 'boolean', char: 'r', description: 'Get all files of a folder.' },
      'follow-link': { type: 'boolean', aliases: ['followLink'], allowNo: true },
      limit: { type: 'option', multiple: true, valueKind: 'entity' },
      secret: { type: 'boolean', hidden: true },
      ...shared,
    },
  },
  store: {
    id: 'store',
    args: { file: { valueKind: 'file', multiple: true } },
    flags: { 'parent-id': { type: 'option', char: 'p', valueKind: 'container' }, ...shared },
  },
  list: { id: 'list', args: {}, flags: { long: { type: 'boolean', char: 'l' }, ...shared } },
  manifest: { id: 'manifest', args: { path: { valueKind: 'directory' } }, flags: shared },
  'manifest:merge': { id: 'manifest:merge', args: { part: { valueKind: 'file' } }, flags: shared },
  'team:show': { id: 'team:show', args: { team: { valueKind: 'team' } }, flags: shared },
  'access:grant': {
    id: 'access:grant',
    args: { id: { valueKind: 'entity' }, principal: { valueKind: 'user' } },
    flags: shared,
  },
  api: {
    id: 'api',
    args: { operation: {}, path: {} },
    flags: { body: { type: 'option' }, paginate: { type: 'boolean' }, ...shared },
  },
  secret: { id: 'secret', args: {}, flags: {} },
};

const lists: Readonly<Record<string, readonly NamedItem[]>> = {
  projects: [
    { id: 'syn1', name: 'Mouse study', type: 'project' },
    { id: 'syn2', name: 'Rat study', type: 'project' },
  ],
  'children-syn1': [
    { id: 'syn11', name: 'raw', type: 'folder' },
    { id: 'syn12', name: 'counts.csv', type: 'fileentity' },
    { id: 'syn13', name: 'Counts of all.csv', type: 'fileentity' },
  ],
  'children-syn11': [
    { id: 'syn111', name: "it's (a) 試料.csv", type: 'fileentity' },
    { id: 'syn112', name: 'x@3', type: 'fileentity' },
  ],
  teams: [{ id: '33', name: 'Mouse team' }],
  'users-bo': [{ id: '7', name: 'bob' }],
};

function sources(changes: Partial<CompletionSources> = {}): CompletionSources {
  return {
    index: {
      version: '1',
      description: '',
      commands: Object.fromEntries(
        Object.keys(commands).map((id) => [
          id,
          {
            summary: `Does ${id}.`,
            hidden: id === 'secret',
            aliases: [],
            hiddenAliases: id === 'store' ? ['add'] : [],
          },
        ]),
      ),
      topics: { team: 'Manage teams.', access: 'Who may do what.' },
      globalFlags: { profile: true, endpoint: true, quiet: false },
    },
    command: (id) => commands[id],
    operations: () => Promise.resolve(operationData),
    profiles: () => ['default', 'lab'],
    list: (name: ListName) => Promise.resolve(lists[name] ?? []),
    recent: () => Promise.resolve([]),
    ...changes,
  };
}

async function values(line: string, changes?: Partial<CompletionSources>): Promise<string[]> {
  const { candidates } = await completionsFor(line.split(' '), sources(changes));
  return candidates.map(({ value }) => value);
}

async function files(line: string): Promise<string> {
  return (await completionsFor(line.split(' '), sources())).files;
}

describe('names of commands', () => {
  test.each([
    ['', ['access', 'api', 'get', 'help', 'list', 'manifest', 'store', 'team']],
    ['ma', ['manifest']],
    ['team ', ['show']],
    ['team s', ['show']],
    ['help t', ['team']],
    ['help team ', ['show']],
    ['--quiet ge', ['get']],
    ['--profile lab ge', ['get']],
    ['-r lab ge', ['get']],
    ['nonsense ', []],
    ['sec', []],
    ['ad', []],
  ])('%j', async (line, expected) => {
    expect(await values(line)).toEqual(expected);
  });

  test('have the summaries as descriptions', async () => {
    const { candidates } = await completionsFor(['ge'], sources());
    expect(candidates).toEqual([{ value: 'get', description: 'Does get' }]);
  });

  test('go on where the beginning is a command of its own', async () => {
    expect(await values('manifest m')).toEqual(['merge']);
    expect(await files('manifest m')).toBe('directories');
    expect(await values('manifest merge ')).toEqual([]);
    expect(await files('manifest merge ')).toBe('files');
  });
});

describe('flags', () => {
  test.each([
    ['get --if', ['--if-collision']],
    ['get syn1 --if', ['--if-collision']],
    ['get --re', ['--recursive']],
    ['get -', ['-r', '--recursive']],
    ['get -r --re', []],
    ['get --recursive --re', []],
    ['get --limit syn1 --lim', ['--limit']],
    ['get --no', ['--no-follow-link']],
    ['get --followL', ['--followLink']],
    ['get --sec', []],
    ['get -- --if', []],
    ['add --par', ['--parent-id']],
    ['--pro', ['--profile']],
    ['--quiet --q', []],
    ['team show --pro', ['--profile']],
    ['list ', ['--long', '--profile', '--endpoint', '--quiet']],
    ['list --long --quiet ', ['--profile', '--endpoint']],
  ])('%j', async (line, expected) => {
    const found = await values(line);
    expect(
      line.endsWith(' -') ? found.filter((flag) => expected.includes(flag)).sort() : found,
    ).toEqual(line.endsWith(' -') ? [...expected].sort() : expected);
  });
});

describe('values', () => {
  test.each([
    ['get --if-collision ', ['keep.both', 'keep.local', 'overwrite.local']],
    ['get --if-collision=keep', ['--if-collision=keep.both', '--if-collision=keep.local']],
    ['get syn1 --if-collision o', ['overwrite.local']],
    ['get --profile ', ['default', 'lab']],
    ['--profile l', ['lab']],
    ['-r ', ['default', 'lab']],
    ['list --profile=l', ['--profile=lab']],
    ['get --recursive=', []],
    ['team show ', ['33']],
    ['team show mou', ['33']],
    ['access grant syn1 bo', ['bob']],
    ['access grant syn1 b', []],
    ['get --limit syn1 sy', ['syn1', 'syn2', 'syn://']],
  ])('%j', async (line, expected) => {
    expect(await values(line)).toEqual(expected);
  });

  test.each([
    ['store ', 'files'],
    ['store a b', 'files'],
    ['store --parent-id syn1 a', 'files'],
    ['get syn1 d', 'directories'],
    ['get --endpoint=x', 'files'],
    ['get syn', 'none'],
    ['get nothing-like-it', 'files'],
    ['get --limit sy', 'none'],
    ['get --if-collision x', 'none'],
    ['team show x', 'none'],
    ['list x', 'none'],
  ])('%j lets the shell suggest %s', async (line, expected) => {
    expect(await files(line)).toBe(expected);
  });
});

describe('entities', () => {
  test.each([
    ['get ', ['syn1', 'syn2', 'syn://']],
    ['get syn2', ['syn2']],
    ['get SYN2', ['syn2']],
    ['get mou', ['syn1']],
    ['store --parent-id ra', ['syn2']],
    ['get syn://', ['syn://Mouse study/', 'syn://Rat study/']],
    ['get syn://mou', ['syn://Mouse study/']],
    ['get syn://Nothing/', []],
    ['get syn://syn1/ra', ['syn://syn1/raw/']],
    ['get syn://syn1/raw/', ["syn://syn1/raw/it's (a) 試料.csv"]],
    ['get syn://syn1/counts.csv/', []],
    ['get syn://syn1/c', ['syn://syn1/counts.csv']],
    ['get syn://syn1/C', ['syn://syn1/Counts of all.csv']],
    ['get syn://syn1/COU', ['syn://syn1/counts.csv', 'syn://syn1/Counts of all.csv']],
    ['store --parent-id syn://syn1/', ['syn://syn1/raw/']],
    ['store --parent-id=syn://syn1/', ['--parent-id=syn://syn1/raw/']],
  ])('%j', async (line, expected) => {
    expect(await values(line)).toEqual(expected);
  });

  test('are found at a path with spaces', async () => {
    const { candidates } = await completionsFor(['get', 'syn://Mouse study/ra'], sources());
    expect(candidates).toEqual([
      { value: 'syn://Mouse study/raw/', description: 'syn11', isPartial: true },
    ]);
  });

  test('are those of the project that SYNAPSE_PROJECT names', async () => {
    const own = ['syn1', 'syn11', 'syn12', 'syn13', 'syn://'];
    expect(await values('get ', { project: 'syn1' })).toEqual(own);
    expect(await values('get ', { project: 'Mouse study' })).toEqual(own);
    expect(await values('get ', { project: 'No such project' })).toContain('syn2');
  });

  test('are also those that were looked at last', async () => {
    const recent = (): Promise<NamedItem[]> =>
      Promise.resolve([{ id: 'syn99', name: 'New', type: 'fileentity' }]);
    expect(await values('get new', { recent })).toEqual(['syn99']);
    expect(await values('store --parent-id new', { recent })).toEqual([]);
  });

  test('with an id that is none are left out', async () => {
    const list = (): Promise<NamedItem[]> =>
      Promise.resolve([{ id: '$(touch x)', name: 'New', type: 'project' }]);
    expect(await values('get ', { list })).toEqual(['syn://']);
    expect(await values('get New', { list })).toEqual([]);
  });

  test.each(['a\u001b[31mb', 'a\nb', 'a\u202eb', 'a/b', ' a', 'a@3', ''])(
    'named %j are not part of a path',
    async (name) => {
      const list = (listed: ListName): Promise<NamedItem[]> =>
        Promise.resolve(
          listed === 'projects'
            ? [{ id: 'syn1', name: 'P', type: 'project' }]
            : [{ id: 'syn2', name }],
        );
      expect(await values('get syn://P/', { list })).toEqual([]);
    },
  );
});

describe('synapse api', () => {
  test.each([
    ['api acti', ['activity.']],
    ['api entity.getEntityPe', ['entity.getEntityPermissions']],
    ['api getEntityPe', ['entity.getEntityPermissions']],
    ['api G', ['GET']],
    ['api entity.getEntity --i', ['--id']],
    ['api --id syn1 entity.getEntity --i', []],
    ['api entity.getEntity --id ', ['syn1', 'syn2']],
    ['api team.listTeamMembers --member-type ', ['ADMIN', 'ALL', 'MEMBER']],
    ['api team.listTeamMembers --memberType=AD', ['--memberType=ADMIN']],
    ['api evaluation.listEvaluations --act', ['--active-only']],
    ['api entity.createEntity --parent', ['--parent-id']],
    ['api entity.createEntity --parent-id sy', ['syn1', 'syn2']],
    ['api userProfile.getUserProfile --profile-id bo', ['7']],
    ['api GET /repo/v1/entity/syn1/pa', ['/repo/v1/entity/syn1/path']],
    ['api GET /rep', ['/repo/']],
    ['api GET /repo/v1/entity/syn2', ['/repo/v1/entity/syn2']],
    ['api DELETE /repo/v1/entity/syn1/pa', []],
    ['api GET /repo/v1/team/3', ['/repo/v1/team/33']],
  ])('%j', async (line, expected) => {
    expect((await values(line)).sort()).toEqual([...expected].sort());
  });

  test('names the method and the path of an operation', async () => {
    const { candidates } = await completionsFor(['api', 'entity.getEntityPe'], sources());
    expect(candidates[0]?.description).toBe('GET /repo/v1/entity/{id}/permissions');
  });
});
