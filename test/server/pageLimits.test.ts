import { beforeAll, describe, expect, test } from '@jest/globals';

import { operations } from '../../generated/operations.js';
import { pageLimits, type PageLimit } from '../../src/server/pageLimits.js';
import { withSessions, type Session } from './entitySession.js';

const server = withSessions();
let alice: Session;
/** Ids by the name of a path parameter and the first segment of the path. */
const ids: Record<string, string> = {};

const any: PageLimit = pageLimits.any;
/** The limit of each operation with an offset, by its name; the others take any number. */
const limitOf: Readonly<Record<string, PageLimit>> = {
  'accessRequirement.listEntityAccessRequirements': pageLimits.requirements,
  'accessRequirement.listTeamAccessRequirements': pageLimits.requirements,
  'activity.listEntitiesGeneratedByActivity': pageLimits.generated,
  'discussion.listEntityThreads': pageLimits.threads,
  'discussion.listForumModeratorIds': pageLimits.threads,
  'discussion.listForumThreads': pageLimits.threads,
  'discussion.listThreadReplies': pageLimits.replies,
  'entity.listEntityVersions': pageLimits.versions,
  'evaluation.listAllEvaluationSubmissionBundles': pageLimits.submissions,
  'evaluation.listAllEvaluationSubmissionStatuses': pageLimits.submissions,
  'evaluation.listAllEvaluationSubmissions': pageLimits.submissions,
  'evaluation.listMyEvaluationSubmissionBundles': pageLimits.submissions,
  'evaluation.listMyEvaluationSubmissions': pageLimits.submissions,
  'table.listColumns': pageLimits.columns,
  'team.listTeamMembers': pageLimits.teams,
  'team.listTeams': pageLimits.teams,
  'userGroup.listUserGroups': pageLimits.principals,
  'userProfile.listUserProfiles': pageLimits.principals,
  'wiki.listAccessRequirementWikiHeaders': pageLimits.wikiHeaders,
  'wiki.listEntityWikiHeaders': pageLimits.wikiHeaders,
  'wiki.listEvaluationWikiHeaders': pageLimits.wikiHeaders,
  'wikiV1.listEntityWikiHeadersV1': pageLimits.wikiHeaders,
  'wikiV1.listEvaluationWikiHeadersV1': pageLimits.wikiHeaders,
};

const paged = Object.entries(operations)
  .filter(([, row]) => row[0] === 'GET' && /\?i:limit|!i:limit/.test(row[2]))
  .map(([name, [, path]]) => ({ name, path, limit: limitOf[name] ?? any }));

beforeAll(async () => {
  alice = server.alice;
  const project = await alice.create('project', {});
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await alice.post(path, body);
    expect(answer.status).toBe(201);
    return (answer.body as { id: string }).id;
  };
  ids['entity'] = project.id;
  ids['activity'] = await made('/activity', { name: 'x' });
  ids['team'] = await made('/team', { name: 'Team of pages' });
  ids['teamMembers'] = ids['team'];
  ids['evaluation'] = await made('/evaluation', { name: 'e', contentSource: project.id });
  ids['user'] = String(server.userId('admin'));
  const challenge = { projectId: project.id, participantTeamId: ids['team'] };
  ids['challenge'] = await made('/challenge', challenge);
  const forum = await alice.get(`/project/${project.id}/forum`);
  ids['forum'] = (forum.body as { id: string }).id;
  const thread = { forumId: ids['forum'], title: 'thread', messageMarkdown: 'x' };
  ids['thread'] = await made('/thread', thread);
  const wiki = { title: 'w', markdown: 'x' };
  for (const owner of [`/entity/${project.id}`, `/evaluation/${ids['evaluation']}`]) {
    ids['wikiId'] = await made(`${owner}/wiki`, wiki);
  }
  ids['wikiEntity'] = project.id;
});

/** The path of an operation with ids in it, and the query parameters that it requires besides. */
function target(path: string): string {
  const segment = path.split('/')[3] ?? '';
  const filled = path
    .replace('/repo/v1', '')
    .replace(/\{(\w+)\}/g, (_match, name: string) => ids[name] ?? ids[segment] ?? '1');
  return `${filled}?filter=NO_FILTER&objectType=THREAD&participantId=${ids['user'] ?? ''}`;
}

/** Operations on wiki pages need the page of the owner, and those of messages a message. */
const reachable = paged.filter(
  ({ path }) => !/access_requirement|wikihistory|\/message\/|dockerTag|\/admin\//.test(path),
);

describe('every list with an offset', () => {
  test('is one of those of the description', () => {
    expect(paged.length).toBeGreaterThanOrEqual(50);
    expect(reachable.length).toBeGreaterThan(35);
    expect(Object.keys(limitOf).filter((name) => !paged.some((one) => one.name === name))).toEqual(
      [],
    );
  });

  test('takes the longest limit that the service takes', async () => {
    const refused: string[] = [];
    for (const { name, path, limit } of reachable) {
      const longest = limit.max ?? '9223372036854775807';
      const { status } = await server.admin.get(`${target(path)}&offset=0&limit=${longest}`);
      if (status !== 200) refused.push(`${name} ${status}`);
    }
    expect(refused).toEqual([]);
  });

  test('refuses one more, fewer than the least, and an offset below zero', async () => {
    const wrong: object[] = [];
    for (const { name, path, limit } of reachable) {
      const { reasons, min, max } = limit;
      const cases: [string, string | undefined][] = [
        [`offset=0&limit=${min - 1}`, reasons.belowMin],
        ['offset=-1&limit=10', reasons.negativeOffset],
        ...(max === undefined
          ? []
          : [[`offset=0&limit=${max + 1}`, reasons.aboveMax] as [string, string | undefined]]),
      ];
      for (const [query, reason] of cases) {
        const { status, body } = await server.admin.get(`${target(path)}&${query}`);
        if (status !== 400 || (body as { reason?: string }).reason !== reason) {
          wrong.push({ name, query, status, body });
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('a limit of zero gives no items and counts one more', async () => {
  expect(await server.alice.get('/trashcan/view?offset=0&limit=0')).toMatchObject({
    status: 200,
    body: { results: [], totalNumberOfResults: 1 },
  });
});

test('users come a hundred at a time without a limit, other lists ten', async () => {
  for (let count = 0; count < 12; count += 1) {
    await server.synapse.createUser({ username: `user${count}` });
    await server.alice.create('project', { name: `project ${count}` });
  }
  const lengthOf = async (path: string): Promise<number> => {
    const { body } = await server.alice.get(path);
    return (body as { results: object[] }).results.length;
  };
  expect(await lengthOf('/user')).toBeGreaterThan(12);
  expect(await lengthOf('/user?limit=1000')).toBe(await lengthOf('/user'));
  const projects = await server.alice.post('/entity/children', { includeTypes: ['project'] });
  for (const { id } of (projects.body as { page: { id: string }[] }).page) {
    await server.alice.post(`/favorite/${id}`, undefined);
  }
  expect(await lengthOf('/favorite')).toBe(10);
  expect(await lengthOf('/favorite?limit=2147483647')).toBe(13);
});
