import type * as M from '../../../../generated/models.js';
import type { AnnotationMap } from '../../entities/annotationValues.js';
import type { EntityFields } from '../../entities/entityTypes.js';
import type { Caller } from '../../kernel/caller.js';
import type { World } from '../../world.js';
import type { ObjectField } from './objectFields.js';

/** An object that is a row of a view. */
export interface ViewObject {
  /** `ROW_ID` */
  readonly id: number;
  /** `ROW_VERSION` */
  readonly version: number;
  /** `ROW_ETAG` */
  readonly etag: string;
  /** Determines who may see the row; see {@link ViewKind.benefactorOf}. */
  readonly benefactor: number;
  /** Changes whenever a cell of the row may change. */
  readonly signature: string;
  /** One of the fields as text in the form of the API; `null` when it has no value. */
  readonly field: (name: string) => string | null;
  /** With those that a JSON schema derives. */
  readonly annotations: AnnotationMap;
  /** Without those that a JSON schema derives. */
  readonly ownAnnotations: AnnotationMap;
}

/** New annotations by key; `undefined` removes one. */
export type AnnotationChanges = ReadonlyMap<string, M.AnnotationsValue | undefined>;

/** The specific behavior of one kind of view. */
export interface ViewKind {
  /** Columns with these names and types show fields of the objects; all others show annotations. */
  readonly fields: readonly ObjectField[];
  /** Names of fields whose annotations cannot be written, whatever the type of the column. */
  readonly reserved: ReadonlySet<string>;
  /** All objects in a view. */
  readonly objects: (world: World, fields: EntityFields) => Iterable<ViewObject>;
  /** The benefactor of a row now; `undefined` when the object does not exist any more. */
  readonly benefactorOf: (world: World, id: number) => number | undefined;
  /** The reason why a view cannot have snapshots, if any. */
  readonly emptyReason: (fields: EntityFields) => string | undefined;
  /**
   * Changes annotations of one object.
   *
   * @throws 403, 404, 412 for another etag, 400 for invalid content
   */
  readonly annotate: (
    world: World,
    caller: Caller,
    target: { readonly id: number; readonly etag: string },
    changes: AnnotationChanges,
  ) => void;
}

/** Applies changes to annotations. */
export function withChanges(
  annotations: AnnotationMap,
  changes: AnnotationChanges,
): Record<string, M.AnnotationsValue> {
  const merged = new Map(Object.entries(annotations));
  for (const [key, value] of changes) {
    if (value === undefined) {
      merged.delete(key);
    } else {
      merged.set(key, value);
    }
  }
  return Object.fromEntries(merged);
}
