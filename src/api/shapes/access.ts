import { anything, count, flag, listOf, members, text, type Shape } from '../shape.js';
import { acl, page, restriction } from './common.js';

export const accessShapes: readonly (readonly [string, Shape])[] = [
  ['accessApproval.createAccessApproval', members({}, { requirementId: count, state: text })],
  [
    'accessRequirement.listTeamAccessRequirements',
    page(members({ id: count, concreteType: text })),
  ],
  [
    'accessRequirement.searchAccessRequirements',
    members({ results: listOf(members({}, { id: text, name: text })) }, { nextPageToken: text }),
  ],
  ['dataAccess.getAccessRequirementStatus', members({}, { isApproved: flag })],
  ['dataAccess.getRestrictionInformation', restriction],
  [
    'dataAccess.getRestrictionInformationBatch',
    members({ restrictionInformation: listOf(restriction) }),
  ],
  ['entity.deleteEntityAcl', anything],
  [
    'accessApproval.getAccessApprovalInfoBatch',
    members({
      results: listOf(members({ accessRequirementId: text }, { hasAccessApproval: flag })),
    }),
  ],
  ['authentication.getTermsOfServiceStatus', members({}, { userCurrentTermsOfServiceState: text })],
  ['userProfile.getUserBundle', members({}, { isCertified: flag })],
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
