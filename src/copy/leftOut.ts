import type { StoredBundle } from '../entities/entityBundle.js';
import { copiedKind, whyNotCopied } from './copiedKinds.js';
import type { LeftOutBecause } from './copyData.js';

/** Why an entity is not copied. */
export interface LeftOut {
  because: LeftOutBecause;
  reason: string;
}

/** Why an entity is not copied, although nothing excludes it; `undefined` when it is. */
export function whyLeftOut({
  entity,
  permissions,
  restrictionInformation,
}: StoredBundle): LeftOut | undefined {
  const kind = copiedKind(entity.concreteType);
  if (kind === undefined) return { because: 'type', reason: whyNotCopied(entity.concreteType) };
  const whole = kind.how === 'container' ? ', so nothing in it is copied' : '';
  // Access requirements that are not met also take the download permission away.
  if ((restrictionInformation?.restrictionLevel ?? 'OPEN') !== 'OPEN') {
    return {
      because: 'restricted',
      reason: `it has access requirements, which a copy would not have${whole}`,
    };
  }
  if (permissions?.canDownload !== true) {
    return { because: 'permission', reason: `you may not download it${whole}` };
  }
  return undefined;
}
