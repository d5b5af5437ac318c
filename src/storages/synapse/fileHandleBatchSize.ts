/** Maximum number of files in one `POST /file/v1/fileHandle/batch`. */
export const fileHandleBatchSize = 100;
