import { hasAccess } from '../../access/requireAccess.js';
import { mayAccessEvaluation } from '../../evaluations/evaluationAccess.js';
import { evaluationTables } from '../../evaluations/evaluationRecords.js';
import type { Caller } from '../../kernel/caller.js';
import type { World } from '../../world.js';

/** Benefactor of rows that every user may see, such as rows of a table. */
export const nobody = -1;

/** Evaluations have numbers below this one, so that they differ from entities. */
const firstEvaluation = -2;

/** The benefactor number of an evaluation. */
export function evaluationBenefactor(evaluationId: string): number {
  return firstEvaluation - Number(evaluationId);
}

/**
 * Whether the caller may see the rows of a benefactor. Administrators see all rows, such as those of
 * a snapshot whose entities are in the trash.
 */
export function maySee(world: World, caller: Caller, benefactor: number): boolean {
  if (benefactor === nobody || caller.isAdmin) {
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
