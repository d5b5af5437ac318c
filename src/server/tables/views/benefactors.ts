import { hasAccess } from '../../access/requireAccess.js';
import { mayAccessEvaluation } from '../../evaluations/evaluationAccess.js';
import { evaluationTables } from '../../evaluations/evaluationRecords.js';
import type { Caller } from '../../kernel/caller.js';
import type { World } from '../../world.js';

/** Benefactor of rows that everybody may see: those that come from a table. */
export const nobody = -1;

/** Evaluations count down from here, so that they are never taken for entities. */
const firstEvaluation = -2;

/** What stands for an evaluation among benefactors, which are entities otherwise. */
export function evaluationBenefactor(evaluationId: string): number {
  return firstEvaluation - Number(evaluationId);
}

/** Whether the caller sees the rows of a benefactor. */
export function maySee(world: World, caller: Caller, benefactor: number): boolean {
  if (benefactor === nobody) {
    return true;
  }
  if (benefactor >= 0) {
    return hasAccess(world, caller, `syn${benefactor}`, 'READ');
  }
  const id = String(firstEvaluation - benefactor);
  const evaluation = evaluationTables(world).evaluations.get(id);
  return (
    evaluation !== undefined &&
    mayAccessEvaluation(world, caller, evaluation, 'READ_PRIVATE_SUBMISSION')
  );
}
