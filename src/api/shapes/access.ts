import { anything, count, flag, members, text, type Shape } from '../shape.js';
import { acl } from './common.js';

export const accessShapes: readonly (readonly [string, Shape])[] = [
  ['entity.deleteEntityAcl', anything],
  ['evaluation.getEvaluationAcl', acl],
  ['evaluation.getEvaluationPermissions', members({}, { canView: flag, canSubmit: flag })],
  ['evaluation.updateEvaluationAcl', acl],
  ['form.getFormGroupAcl', acl],
  ['form.updateFormGroupAcl', acl],
  ['jsonSchema.getSchemaOrganizationAcl', acl],
  ['jsonSchema.updateSchemaOrganizationAcl', acl],
  ['team.getTeamAcl', acl],
  ['team.updateTeamAcl', acl],
  [
    'accessRequirement.getAccessRequirement',
    members({ id: count, concreteType: text }, { etag: text }),
  ],
];
