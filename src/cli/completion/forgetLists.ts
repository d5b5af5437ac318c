import { rm } from 'node:fs/promises';
import { completionFolder } from './completionLogin.js';

/** Removes the names that were kept for completion. Another user must not see them. */
export async function forgetLists(): Promise<void> {
  // Without a cache directory there is nothing to forget.
  await rm(completionFolder(process.env), { recursive: true, force: true }).catch(() => undefined);
}
