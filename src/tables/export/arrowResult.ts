// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- a user without the package could not compile otherwise
/** @ts-ignore The package is optional. Without it, the type is `any`. */
import type { Table } from 'apache-arrow';

/** A `Table` of the package `apache-arrow`. */
export type ArrowResult = Table;
