import type { CommonOptions, Stored, Synapse, TableEntity } from '../index.js';

/** What a command has created, or found under the same name. */
export interface StoredNew<T> {
  stored: T & Stored;
  isNew: boolean;
}

/** Creates an entity, or updates the one of that name: running a command again changes nothing. */
export async function storeNew<T extends TableEntity>(
  syn: Synapse,
  entity: T,
  options: CommonOptions,
): Promise<StoredNew<T>> {
  const { ConflictError } = await import('../errors.js');
  try {
    const stored = await syn.store(entity, { ...options, createOrUpdate: false });
    return { stored, isNew: true };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return { stored: await syn.store(entity, options), isNew: false };
  }
}
