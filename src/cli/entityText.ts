import { shortName } from '../values/shortName.js';
import type { Entity, FileHandle } from '../../generated/models.js';
import { printable, printableName } from './printable.js';
import { pythonRepr } from './pythonRepr.js';

/** What `synapse show` prints besides the properties of an entity. */
export interface EntityDetails {
  annotations: Readonly<Record<string, readonly unknown[]>>;
  /** The content of a file. */
  fileHandle?: FileHandle | undefined;
}

/** Formats an entity for `synapse show` as the Python client does: properties and annotations, one per line, sorted by name. */
export function entityText(entity: Entity, { annotations, fileHandle }: EntityDetails): string {
  const type = shortName(entity.concreteType);
  const properties = Object.entries(entity).filter(([, value]) => value !== undefined);
  return [
    `${printable(type.replace(/Entity$/, ''))}: ${printableName(entity.name ?? '')} (${entity.id ?? ''})`,
    ...(type === 'FileEntity' ? contentLines(fileHandle) : []),
    'properties:',
    ...properties.sort(byName).map(([key, value]) => line(key, textOf(value))),
    'annotations:',
    ...Object.entries(annotations)
      .sort(byName)
      .map(([key, values]) => line(key, pythonRepr(values))),
    '',
  ].join('\n');
}

/** The state of a file that was not downloaded. */
function contentLines(handle: FileHandle | undefined): string[] {
  const { contentMd5 = null, contentSize = null, contentType = null } = handle ?? {};
  const url = handle !== undefined && 'externalURL' in handle ? (handle.externalURL ?? null) : null;
  const isLink = handle?.concreteType.endsWith('.ExternalFileHandle') === true;
  return Object.entries({
    md5: contentMd5,
    fileSize: contentSize,
    contentType,
    externalURL: url,
    cacheDir: null,
    files: [],
    path: null,
    synapseStore: !isLink || url?.startsWith('sftp://') === true,
  }).map(([key, value]) => line(key, textOf(value)));
}

function line(key: string, text: string): string {
  // Also line ends become escapes, so that no value forges a line.
  return `  ${printable(key)}=${printable(text)}`;
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}
