/** The concrete types of entities that trees consist of. */
export const projectType = 'org.sagebionetworks.repo.model.Project';
export const folderType = 'org.sagebionetworks.repo.model.Folder';
export const fileType = 'org.sagebionetworks.repo.model.FileEntity';
export const linkType = 'org.sagebionetworks.repo.model.Link';
