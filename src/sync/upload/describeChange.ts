import { formatBytes } from '../../values/formatBytes.js';
import type { Found } from './readFound.js';
import type { UploadChange, UploadItem } from './uploadItem.js';

/** One line that says what applying an item changes. */
export function describeChange(
  item: UploadItem,
  { state }: Found,
  changes: readonly UploadChange[],
): string {
  return changes.map((change) => words[change](item, state)).join('; ');
}

const words: Readonly<Record<UploadChange, (item: UploadItem, state: Found['state']) => string>> = {
  content: ({ size, url, synapseStore }, { fileHandle }) => {
    if (url !== undefined || synapseStore === false) return 'another address';
    const before = fileHandle?.contentSize;
    return before === undefined || size === undefined || before === size
      ? 'other content'
      : `other content (${formatBytes(before)} before)`;
  },
  contentType: ({ contentType = '' }) => `content type ${contentType}`,
  name: (_, { entity }) => `was named ${JSON.stringify(entity.name ?? '')}`,
  parent: (_, { entity }) => `was in ${entity.parentId ?? ''}`,
  annotations: () => 'annotations',
  provenance: () => 'provenance',
};
