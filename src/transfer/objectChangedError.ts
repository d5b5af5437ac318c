import { DownloadError } from '../errors.js';

/** The object in the store is not the one that the download began with, or not the one of the file handle. */
export class ObjectChangedError extends DownloadError {}
