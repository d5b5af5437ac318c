/** As many files as one `POST /file/v1/fileHandle/batch` takes. */
export const fileHandleBatchSize = 100;
