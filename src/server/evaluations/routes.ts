import { aclModel } from '../access/entityAcls.js';
import { parseEntityId } from '../entities/entityIds.js';
import { pageWindow, paginated, tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { teamEligibility } from './eligibility.js';
import {
  evaluationAcl,
  evaluationPermissions,
  mayAccessEvaluation,
  requireEvaluationAccess,
  updateEvaluationAcl,
} from './evaluationAccess.js';
import { evaluationModel, getEvaluation, roundModel, roundsOf } from './evaluationRecords.js';
import {
  createEvaluation,
  deleteEvaluation,
  evaluationByName,
  listEvaluations,
  updateEvaluation,
} from './evaluationWrites.js';
import { createRound, deleteRound, getRound, migrateQuota, updateRound } from './rounds.js';
import { submissionRoutes } from './submissionRoutes.js';

/** Serves evaluations, their rounds and submissions. */
export function evaluationsRoutes(router: Router, world: World): void {
  evaluationRoutes(router, world);
  listRoutes(router, world);
  permissionRoutes(router, world);
  roundRoutes(router, world);
  submissionRoutes(router, world);
}

function evaluationRoutes(router: Router, world: World): void {
  router.post('/repo/v1/evaluation', ({ caller, body }) =>
    evaluationModel(createEvaluation(world, caller, body)),
  );
  router.get('/repo/v1/evaluation/{evalId}', ({ path, caller }) =>
    evaluationModel(requireEvaluationAccess(world, caller, path.evalId, 'READ')),
  );
  router.put('/repo/v1/evaluation/{evalId}', ({ path, caller, body }) =>
    evaluationModel(updateEvaluation(world, caller, path.evalId, body)),
  );
  router.delete('/repo/v1/evaluation/{evalId}', ({ path, caller }) =>
    deleteEvaluation(world, caller, path.evalId),
  );
  router.get('/repo/v1/evaluation/name/{name}', ({ path, caller }) =>
    evaluationModel(evaluationByName(world, caller, path.name)),
  );
}

function listRoutes(router: Router, world: World): void {
  router.get('/repo/v1/evaluation', ({ query, caller }) => {
    const found = listEvaluations(world, caller, query);
    return paginated(found.map(evaluationModel), pageWindow(query));
  });
  router.get('/repo/v1/evaluation/available', ({ query, caller }) => {
    const found = listEvaluations(world, caller, { ...query, accessType: 'SUBMIT' });
    return paginated(found.map(evaluationModel), pageWindow(query));
  });
  router.get('/repo/v1/entity/{id}/evaluation', ({ path, query, caller }) => {
    const contentSource = parseEntityId(path.id);
    const found = listEvaluations(world, caller, { ...query, contentSource });
    return paginated(found.map(evaluationModel), pageWindow(query));
  });
}

function permissionRoutes(router: Router, world: World): void {
  router.get('/repo/v1/evaluation/{evalId}/acl', ({ path }) =>
    aclModel(evaluationAcl(world, getEvaluation(world, path.evalId))),
  );
  router.put('/repo/v1/evaluation/acl', ({ caller, body }) =>
    aclModel(updateEvaluationAcl(world, caller, body)),
  );
  router.get('/repo/v1/evaluation/{evalId}/permissions', ({ path, caller }) =>
    evaluationPermissions(world, caller, path.evalId),
  );
  router.get('/repo/v1/evaluation/{evalId}/access', ({ path, query, caller }) => {
    const evaluation = getEvaluation(world, path.evalId);
    return { result: mayAccessEvaluation(world, caller, evaluation, query.accessType) };
  });
  router.get('/repo/v1/evaluation/{evalId}/team/{id}/submissionEligibility', ({ path, caller }) =>
    teamEligibility(world, caller, path.evalId, path.id),
  );
}

function roundRoutes(router: Router, world: World): void {
  router.post('/repo/v1/evaluation/{evalId}/round', ({ path, caller, body }) =>
    roundModel(createRound(world, caller, path.evalId, body)),
  );
  router.get('/repo/v1/evaluation/{evalId}/round/{roundId}', ({ path, caller }) => {
    const evaluation = requireEvaluationAccess(world, caller, path.evalId, 'READ');
    return roundModel(getRound(world, evaluation, path.roundId));
  });
  router.put('/repo/v1/evaluation/{evalId}/round/{roundId}', ({ path, caller, body }) =>
    roundModel(
      updateRound(world, caller, { evaluationId: path.evalId, roundId: path.roundId }, body),
    ),
  );
  router.delete('/repo/v1/evaluation/{evalId}/round/{roundId}', ({ path, caller }) =>
    deleteRound(world, caller, path.evalId, path.roundId),
  );
  router.post('/repo/v1/evaluation/{evalId}/round/list', ({ path, caller, body }) => {
    const { id } = requireEvaluationAccess(world, caller, path.evalId, 'READ');
    return tokenPage(roundsOf(world, id).map(roundModel), body.nextPageToken);
  });
  router.post('/repo/v1/evaluation/{evalId}/migratequota', ({ path, caller }) =>
    migrateQuota(world, caller, path.evalId),
  );
}
