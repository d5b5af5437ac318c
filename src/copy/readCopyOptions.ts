import { ArgumentError } from '../errors.js';
import { containerOf } from '../values/ids.js';
import { quoted } from '../values/quoted.js';
import { excludableTypes } from './copiedKinds.js';
import type { CopiedProvenance, PlanCopyOptions } from './copyData.js';

/** The options of a plan, complete and checked. */
export interface CopySettings {
  destinationId: string;
  updateExisting: boolean;
  setProvenance: CopiedProvenance;
  excludeTypes: ReadonlySet<string>;
  copyAnnotations: boolean;
  copyWiki: boolean;
  updateLinks: boolean;
  updateSynIds: boolean;
  updateTableIds: boolean;
}

const provenances: readonly CopiedProvenance[] = ['traceback', 'existing', 'none'];

/** @throws {@link ArgumentError} for a destination that is missing, and for what an option does not accept */
export function readCopyOptions(options: PlanCopyOptions): CopySettings {
  const { to, destinationId, updateExisting = false, excludeTypes = [] } = options;
  const { skipCopyAnnotations = false, skipCopyWiki = false } = options;
  const given = [to, destinationId].filter((one) => one !== undefined).map(containerOf);
  const [destination] = given;
  if (destination === undefined) {
    throw new ArgumentError(
      'Nothing says where to copy to: pass to, the id of a project or folder.',
    );
  }
  if (given.some((id) => id !== destination)) {
    throw new ArgumentError(`to and destinationId differ (${given.join(', ')}): give only one.`);
  }
  return {
    destinationId: destination,
    updateExisting,
    setProvenance: readProvenance(options.setProvenance),
    excludeTypes: readTypes(excludeTypes),
    copyAnnotations: !skipCopyAnnotations,
    copyWiki: !skipCopyWiki,
    updateLinks: options.updateLinks ?? true,
    updateSynIds: options.updateSynIds ?? true,
    updateTableIds: options.updateTableIds ?? false,
  };
}

/** `None` is how the Python client writes it. */
function readProvenance(given: unknown = 'traceback'): CopiedProvenance {
  const name = typeof given === 'string' ? given.toLowerCase() : given === null ? 'none' : '';
  const known = provenances.find((one) => one === name);
  if (known !== undefined) return known;
  throw new ArgumentError(
    `setProvenance is ${quoted(given)}: it must be traceback, existing or none.`,
  );
}

function readTypes(given: unknown): ReadonlySet<string> {
  if (!Array.isArray(given)) {
    throw new ArgumentError(`excludeTypes must be a list of types, not ${quoted(given)}.`);
  }
  for (const type of given as readonly unknown[]) {
    if (typeof type === 'string' && excludableTypes.includes(type)) continue;
    throw new ArgumentError(
      `excludeTypes has ${quoted(type)}: it must be among ${excludableTypes.join(', ')}.`,
    );
  }
  return new Set(given as readonly string[]);
}
