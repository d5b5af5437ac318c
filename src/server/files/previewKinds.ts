/** How the preview of a file is made. */
export type PreviewKind = 'image' | 'commas' | 'tabs' | 'text' | 'zip';

/** What the kind of a preview depends on. */
export interface PreviewedFile {
  readonly contentType?: string;
  readonly fileName?: string;
  readonly contentSize?: number;
}

/**
 * Bytes of memory for a preview. The service does not make a preview that needs more than a part of
 * the memory of its machine; this is the part of a machine with 5 GiB.
 */
const memoryPool = 1024 ** 3;
/** The service estimates the memory of a decoded image from the size of its file. */
const safetyFactor = 1.2;
const imageMemory: Readonly<Record<string, number>> = {
  'image/bmp': 4.05,
  'image/pjpeg': 23.38,
  'image/jpeg': 23.38,
  'image/gif': 19.98,
  'image/png': 46.28,
};

const kinds = new Map<string, PreviewKind>([
  ...Object.keys(imageMemory).map((type) => [type, 'image'] as const),
  ...[
    'text/comma-separated-values',
    'text/csv',
    'application/comma-separated-values',
    'application/csv',
    'application/x-csv',
  ].map((type) => [type, 'commas'] as const),
  ...[
    'text/tab-separated-values',
    'text/tsv',
    'application/tab-separated-values',
    'application/tsv',
    'application/x-tsv',
  ].map((type) => [type, 'tabs'] as const),
  ...['application/text', 'application/x-sh', 'application/x-javascript'].map(
    (type) => [type, 'text'] as const,
  ),
  ['application/zip', 'zip'],
]);

/** Types of spreadsheets, which browsers also send for tables of text. */
const spreadsheetTypes = new Set([
  'application/xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/msexcel',
  'application/vnd.ms-excel',
]);
const spreadsheetKinds: Readonly<Record<string, PreviewKind>> = { csv: 'commas', tsv: 'tabs' };

/** The kind of preview that a file gets; `undefined` for a file without one. */
export function previewKindOf(file: PreviewedFile): PreviewKind | undefined {
  const { contentSize = 0 } = file;
  const type = (file.contentType?.split(';')[0] ?? '').trim().toLowerCase();
  const kind = kinds.get(type) ?? otherKind(type, file.fileName);
  if (kind === undefined || contentSize === 0) return undefined;
  return memoryNeeded(kind, type, contentSize) > memoryPool ? undefined : kind;
}

function otherKind(type: string, fileName = ''): PreviewKind | undefined {
  if (spreadsheetTypes.has(type)) return spreadsheetKinds[extensionOf(fileName)];
  return type.startsWith('text/') ? 'text' : undefined;
}

/** A table is read only as far as its preview goes. */
function memoryNeeded(kind: PreviewKind, type: string, contentSize: number): number {
  if (kind === 'commas' || kind === 'tabs') return 0;
  return kind === 'image' ? contentSize * (imageMemory[type] ?? 0) * safetyFactor : contentSize;
}

/** A dot at the start or at the end of a name does not begin an extension. */
function extensionOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  return dot > 0 ? fileName.slice(dot + 1).toLowerCase() : '';
}
