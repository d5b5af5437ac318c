/** What a request for a page may ask for. */
export interface PageLimit {
  /** What is listed. */
  readonly what: string;
  /** The class of the service that says so. */
  readonly source: string;
  /** Items of a page when the request names no number. */
  readonly usual: number;
  readonly min: number;
  /** Without one, a page may have any number of items. */
  readonly max?: number;
  /** Why a request is refused. */
  readonly reasons: PageReasons;
}

/** The texts for a limit or offset that is out of bounds. */
export interface PageReasons {
  readonly belowMin: string;
  readonly aboveMax?: string;
  readonly negativeOffset: string;
}

function between(min: number, max: number, negativeOffset: string): PageReasons {
  const reason = `limit must be between ${min} and ${max}`;
  return { belowMin: reason, aboveMax: reason, negativeOffset };
}

function discussion(max: number): PageReasons {
  const reason = `Limit and offset must be greater than 0, and limit must be smaller than or equal to ${max}`;
  return { belowMin: reason, aboveMax: reason, negativeOffset: reason };
}

const atLeast = (min: number): PageReasons => ({
  belowMin: `pagination limit must be ${min} or greater`,
  negativeOffset: 'pagination offset must be 0 or greater',
});

const negative = "'offset' may not be negative";
const wikiPage = 50;

/** The limits of the lists that are read in pages by offset. */
export const pageLimits = {
  any: {
    what: 'all other lists with an offset',
    source: 'ServiceConstants',
    usual: 10,
    min: 0,
    reasons: atLeast(0),
  },
  principals: {
    what: 'users and groups',
    source: 'ServiceConstants',
    usual: 100,
    min: 0,
    reasons: atLeast(0),
  },
  generated: {
    what: 'entities that an activity generated',
    source: 'ActivityManagerImpl',
    usual: 10,
    min: 1,
    reasons: atLeast(1),
  },
  versions: {
    what: 'versions of an entity',
    source: 'EntityServiceImpl',
    usual: 10,
    min: 1,
    reasons: atLeast(1),
  },
  requirements: {
    what: 'access requirements of an entity or team',
    source: 'AccessRequirementManagerImpl',
    usual: 50,
    min: 1,
    max: 50,
    reasons: between(1, 50, 'offset must be at least 0'),
  },
  teams: {
    what: 'teams by name, members of a team',
    source: 'TeamServiceImpl',
    usual: 10,
    min: 1,
    max: 50,
    reasons: between(1, 50, negative),
  },
  submissions: {
    what: 'submissions to an evaluation, their statuses and bundles',
    source: 'SubmissionManagerImpl',
    usual: 10,
    min: 0,
    max: 100,
    reasons: between(0, 100, negative),
  },
  threads: {
    what: 'threads of a forum or about an entity, moderators of a forum',
    source: 'DiscussionThreadManagerImpl',
    usual: 20,
    min: 0,
    max: 20,
    reasons: discussion(20),
  },
  replies: {
    what: 'replies to a thread',
    source: 'DBODiscussionReplyDAOImpl',
    usual: 10,
    min: 0,
    max: 100,
    reasons: discussion(100),
  },
  columns: {
    what: 'columns by name',
    source: 'ColumnModelManagerImpl',
    usual: 10,
    min: 0,
    max: 100,
    reasons: {
      belowMin: 'Limit cannot be less than zero',
      aboveMax: 'Limit cannot be greater than 100',
      negativeOffset: 'Offset cannot be less than zero',
    },
  },
  wikiHeaders: {
    what: 'headers of wiki pages',
    source: 'V2WikiManagerImpl',
    usual: wikiPage,
    min: 0,
    max: wikiPage,
    reasons: { ...atLeast(0), aboveMax: `Limit cannot exceed: ${wikiPage}` },
  },
} as const satisfies Record<string, PageLimit>;
