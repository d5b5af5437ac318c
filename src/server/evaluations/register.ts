import { defineWikiOwner } from '../wiki/wikiOwners.js';
import type { World } from '../world.js';
import { requireEvaluationAccess } from './evaluationAccess.js';
import { getEvaluation } from './evaluationRecords.js';
import { defineSubmissionFiles } from './submissionReads.js';

/** Registers the files of submissions, and evaluations as owners of wikis. */
export function registerEvaluations(world: World): void {
  defineSubmissionFiles(world);
  defineWikiOwner(world, 'EVALUATION', {
    parseId: (text) => getEvaluation(world, text).id,
    require: (caller, id, access) => {
      requireEvaluationAccess(world, caller, id, access);
    },
  });
}
