// The public names of the domains: people, access, evaluations, wikis, storage, and others.
export type { Access } from './access/access.js';
export type {
  AccessExplanation,
  AccessReason,
  AccessReasonKind,
  AccessTodo,
} from './access/accessExplanation.js';
export type { AccessTarget } from './access/accessTarget.js';
export type { AccessInput, AccessLevel } from './access/accessTypes.js';
export type { AclDeletion, AclDeletionAction, AclDeletionItem } from './access/aclDeletion.js';
export type { AclEntry } from './access/aclEntries.js';
export type { AclListing, InheritingEntity, ListedAcl, UnreadAcl } from './access/aclListing.js';
export type { ContentOptions } from './access/contentOptions.js';
export type { DeleteAclOptions } from './access/deleteAcl.js';
export type { AclOptions } from './access/getAcl.js';
export type { EntityPermissions, EvaluationPermissions } from './access/getPermissions.js';
export type { ListAclOptions } from './access/listAcl.js';
export { AUTHENTICATED_USERS, PUBLIC, type Principal } from './access/principal.js';
export type { NamedPrincipal, PrincipalKind } from './access/principalNames.js';
export type { RequirementInfo, RequirementKind } from './access/requirementInfo.js';
export type { SetPermissionsOptions } from './access/setPermissions.js';
export type { WhyOptions } from './access/why.js';
export type {
  AcceptedRequirement,
  AcceptReport,
  RefusedRequirement,
} from './accessRequirements/acceptRequirements.js';
export type { AccessRequirements } from './accessRequirements/accessRequirements.js';
export type {
  ListRequirementsOptions,
  RequirementState,
  RequirementSubject,
} from './accessRequirements/listRequirements.js';
export type { ApprovalOptions, RequirementApproval } from './accessRequirements/readApprovals.js';
export type { RequirementRef } from './accessRequirements/requirementIds.js';
export type { RequirementSearch } from './accessRequirements/searchRequirements.js';
export type { UnmetOptions, UnmetRequirement } from './accessRequirements/unmetRequirements.js';
export type { Challenge, ChallengeRef, ChallengeTeam } from './challenges/challenge.js';
export type { Challenges, ParticipantFilter } from './challenges/challenges.js';
export type { NewChallenge } from './challenges/createChallenge.js';
export type { ChallengeTarget } from './challenges/getChallenge.js';
export type { RegisterTeamOptions } from './challenges/registerTeam.js';
export type { ChallengeChanges } from './challenges/updateChallenge.js';
export type { CountOptions } from './discussions/countPosts.js';
export type { NewThread } from './discussions/createPost.js';
export type { Discussions } from './discussions/discussions.js';
export type { DiscussionForum, ForumRef } from './discussions/forumIdOf.js';
export type {
  ListRepliesOptions,
  ListThreadsOptions,
  ThreadOrderOptions,
} from './discussions/listPosts.js';
export type { DiscussionReply, DiscussionThread } from './discussions/post.js';
export type { Post, PostTextOptions } from './discussions/postText.js';
export type { Docker } from './docker/docker.js';
export type { ListTagsOptions } from './docker/listTags.js';
export type { DockerRef } from './docker/repositoryId.js';
export type { NewRepository } from './docker/storeRepository.js';
export type { AddedFiles, AddFilesOptions } from './downloadList/addFiles.js';
export type { DownloadListSource, NotAdded } from './downloadList/addSource.js';
export type { DownloadFilesOptions } from './downloadList/downloadFiles.js';
export type { DownloadList } from './downloadList/downloadList.js';
export type {
  DownloadedListFile,
  DownloadListReport,
  FailedListFile,
} from './downloadList/downloadReport.js';
export type { DownloadListManifestOptions } from './downloadList/fetchManifest.js';
export type { DownloadListPackageOptions } from './downloadList/fetchPackage.js';
export type { ListedFile, ListedFilesOptions } from './downloadList/listedFiles.js';
export type { DownloadListItem, ListedFileRef, OneOrMany } from './downloadList/listItem.js';
export type { DownloadListStatistics } from './downloadList/listStatistics.js';
export type { RemovedFiles } from './downloadList/removeFiles.js';
export type { RequiredAction } from './downloadList/requiredActions.js';
export type { EvaluationContent, NewEvaluation } from './evaluations/createEvaluation.js';
export type { Evaluation } from './evaluations/evaluation.js';
export type { EvaluationObject, EvaluationRef } from './evaluations/evaluationRef.js';
export type { Evaluations } from './evaluations/evaluations.js';
export type { EvaluationFilter } from './evaluations/listEvaluations.js';
export type { RoundInput, RoundLimits } from './evaluations/roundContent.js';
export type { EvaluationRound } from './evaluations/rounds.js';
export { setPrivacy } from './evaluations/setPrivacy.js';
export { submissionAnnotations } from './evaluations/submissionAnnotations.js';
export {
  fromSubmissionStatusAnnotations,
  isSubmissionStatusAnnotations,
  submissionStatusAnnotations,
} from './evaluations/submissionStatusAnnotations.js';
export type {
  StatusAnnotation,
  SubmissionStatusAnnotations,
} from './evaluations/submissionStatusAnnotations.js';
export { submissionStatusRequest } from './evaluations/submissionStatusRequest.js';
export type {
  SubmissionStatusInput,
  SubmissionStatusRequest,
} from './evaluations/submissionStatusRequest.js';
export type { EvaluationChanges } from './evaluations/updateEvaluation.js';
export type { Favorites } from './favorites/favorites.js';
export type { FavoritesOptions } from './favorites/listFavorites.js';
export type { TextOptions } from './messages/getMessage.js';
export type { InboxOptions, ListMessagesOptions } from './messages/listMessages.js';
export type { Message } from './messages/message.js';
export type { MessageBody } from './messages/messageBody.js';
export type { Messages } from './messages/messages.js';
export type { MessageReply } from './messages/replyToMessage.js';
export type { MessageContent, NewMessage } from './messages/sendMessage.js';
export type { ProjectSettingRef } from './projectSettings/deleteProjectSetting.js';
export type { ProjectSettingType } from './projectSettings/getProjectSetting.js';
export type { ProjectSettings } from './projectSettings/projectSettings.js';
export type { ProjectSettingInput } from './projectSettings/setProjectSetting.js';
export type { CopyToStorageOptions } from './storageLocations/copyToStorageLocation.js';
export type { S3Folder, S3FolderInput } from './storageLocations/createS3Folder.js';
export type { UploadLocation, UploadLocations } from './storageLocations/destinationsOf.js';
export type { StorageLocationRef } from './storageLocations/locationIdOf.js';
export type { LocationKind } from './storageLocations/locationKinds.js';
export type {
  ExternalGoogleCloudInput,
  ExternalHttpsInput,
  ExternalObjectStoreInput,
  ExternalS3Input,
  ExternalSftpInput,
  ProxyInput,
  StorageLocation,
  StorageLocationInput,
  SynapseS3Input,
} from './storageLocations/storageLocation.js';
export type { StorageLocations } from './storageLocations/storageLocations.js';
export type { UseLocationOptions } from './storageLocations/useStorageLocation.js';
export type { GetSubmissionOptions, SubmissionWithEntity } from './submissions/getSubmission.js';
export type { SubmissionFilter } from './submissions/listSubmissions.js';
export type { SubmissionScore } from './submissions/scoreSubmissions.js';
export type { Submission, SubmissionBundle, SubmissionRef } from './submissions/submission.js';
export type { Submissions } from './submissions/submissions.js';
export type { SubmissionStatus } from './submissions/submissionStatus.js';
export type { SubmissionReceipt, SubmitOptions } from './submissions/submit.js';
export type { LeftOutMember } from './submissions/teamEntry.js';
export type { StatusFailure, StatusUpdates } from './submissions/updateStatuses.js';
export type { ListSubscriptionsOptions } from './subscriptions/listSubscriptions.js';
export type { OwnSubscription } from './subscriptions/subscribe.js';
export type { Subscriptions } from './subscriptions/subscriptions.js';
export type { TopicRef } from './subscriptions/topic.js';
export type { Invitee } from './teams/invitee.js';
export type { InviteOptions, InviteResult } from './teams/inviteOptions.js';
export type { Invitation, MembershipRequest } from './teams/openMembership.js';
export type { OpenMembershipOptions } from './teams/openMembershipOptions.js';
export type { RequestOptions } from './teams/requestMembership.js';
export type { NewTeam, Team, TeamChange, TeamIcon, TeamMember } from './teams/team.js';
export type { IconUrlOptions } from './teams/teamIcon.js';
export type { TeamRef } from './teams/teamIdOf.js';
export type { MembersOptions } from './teams/teamMembers.js';
export type { Teams } from './teams/teams.js';
export type { OpenMembershipRef } from './teams/withdraw.js';
export type { FoundUser } from './users/getUserProfiles.js';
export type { PictureUrlOptions } from './users/profilePicture.js';
export type { SearchPrincipalsOptions } from './users/searchPrincipals.js';
export type { ProfileChange } from './users/updateProfile.js';
export type { UserFlags } from './users/userFlags.js';
export type { UserRef } from './users/userIdOf.js';
export type { ProjectsOptions } from './users/userProjects.js';
export type { Users } from './users/users.js';
export type { Version } from './versions/listVersions.js';
export type { RestoredPart } from './versions/restoredParts.js';
export type { RestoredVersion, RestoreVersionOptions } from './versions/restoreVersion.js';
export type {
  LabelledVersion,
  UpdateVersionOptions,
  VersionChange,
} from './versions/updateVersion.js';
export type { Versions } from './versions/versions.js';
export type { WikiAttachment } from './wiki/attachFiles.js';
export type { CopiedWikiPage, CopyWikiOptions } from './wiki/copyWiki.js';
export type { GetAttachmentOptions } from './wiki/downloadAttachment.js';
export type { WikiPageQuery } from './wiki/getPage.js';
export type { WikiAttachments, WikiVersionOptions } from './wiki/listAttachments.js';
export type { MarkdownFileOptions } from './wiki/markdownFile.js';
export type { WikiOrder } from './wiki/orderHint.js';
export type { WikiVersion } from './wiki/pageHistory.js';
export type { WikiPageRef } from './wiki/pageIdOf.js';
export type { WikiTree } from './wiki/pageTree.js';
export type { WikiPageInput } from './wiki/storePage.js';
export type { MarkdownInput } from './wiki/uploadMarkdown.js';
export type { Wiki } from './wiki/wiki.js';
export type { WikiOwner } from './wiki/wikiOwner.js';
export type { WikiHeader, WikiPage, WikiPageInfo } from './wiki/wikiPage.js';
