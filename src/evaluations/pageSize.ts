/** The number of evaluations, submissions or statuses on one page: the most that the service sends. */
export const pageSize = 100;
