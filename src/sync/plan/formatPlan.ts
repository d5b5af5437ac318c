import { formatBytes } from '../../values/formatBytes.js';
import { describeProblem } from './describeProblem.js';
import type { PlanAction, PlanData } from './planData.js';
import { totalsOf } from './planTotals.js';

const words: Readonly<Record<PlanAction, string>> = {
  create: 'create',
  updateContent: 'update',
  updateMetadata: 'change',
  move: 'move',
  delete: 'delete',
  skip: 'unchanged',
  conflict: 'conflict',
  leaveOut: 'left out',
};

/** The text of a plan: a line for each item that is not unchanged, the problems, and the sums. */
export function formatPlan(plan: Pick<PlanData, 'items' | 'problems'>): string {
  const lines = plan.items
    .filter(({ action }) => action !== 'skip')
    .map(({ action, path, id, bytes, reason }) => {
      const parts = [
        words[action].padEnd(9),
        path || '.',
        id && `(${id})`,
        bytes > 0 && formatBytes(bytes),
        reason && `- ${reason}`,
      ];
      return parts.filter(Boolean).join(' ');
    });
  const problems = plan.problems.map((problem) => `problem   ${describeProblem(problem)}`);
  const { actions, bytes, requests } = totalsOf(plan);
  const counts = Object.entries(actions)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} ${words[action as PlanAction]}`);
  if (problems.length > 0) counts.push(`${problems.length} problems`);
  const sums = `${counts.join(', ') || 'nothing to do'}: ${formatBytes(bytes)}, ${requests} requests`;
  return [...lines, ...problems, sums].join('\n');
}
