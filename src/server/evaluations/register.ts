import { defineTeamReference } from '../teams/teamHooks.js';
import { defineWikiOwner } from '../wiki/wikiOwners.js';
import type { World } from '../world.js';
import { requireEvaluationAccess } from './evaluationAccess.js';
import { getEvaluation } from './evaluationRecords.js';
import { defineSubmissionFiles } from './submissionReads.js';
import { submissionTables } from './submissionRecords.js';

/** Registers the files and teams of submissions, and evaluations as owners of wikis. */
export function registerEvaluations(world: World): void {
  defineSubmissionFiles(world);
  defineTeamReference(world, (teamId) => submissionTables(world).byTeam.count(String(teamId)) > 0);
  defineWikiOwner(world, 'EVALUATION', {
    parseId: (text) => getEvaluation(world, text).id,
    require: (caller, id, access) => {
      requireEvaluationAccess(world, caller, id, access);
    },
  });
}
