import type { PlanData, PlanTotals } from './planData.js';

/** The sums of a plan. */
export function totalsOf({ items, problems }: Pick<PlanData, 'items' | 'problems'>): PlanTotals {
  const totals: PlanTotals = {
    actions: {
      create: 0,
      updateContent: 0,
      updateMetadata: 0,
      move: 0,
      delete: 0,
      skip: 0,
      conflict: 0,
      leaveOut: 0,
    },
    problems: problems.length,
    bytes: 0,
    requests: 0,
  };
  for (const { action, bytes, requests } of items) {
    totals.actions[action] += 1;
    totals.bytes += bytes;
    totals.requests += requests;
  }
  return totals;
}
