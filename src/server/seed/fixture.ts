import type * as M from '../../../generated/models.js';

/**
 * The initial content of a new server: the content of a JSON or YAML file, or an equal object.
 *
 * @example
 * users:
 *   - name: dora
 * projects:
 *   - name: Study
 *     owner: dora
 *     access: { alice: download, public: view }
 *     files:
 *       - name: readme.txt
 *         content: Hello
 *         annotations: { kind: note, year: 2026 }
 */
export interface Fixture {
  readonly users?: readonly FixtureUser[];
  readonly teams?: readonly FixtureTeam[];
  readonly projects?: readonly FixtureProject[];
}

/** A user, who has agreed to the terms of service and has a personal access token. */
export interface FixtureUser {
  readonly name: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** @default `<name>@example.org` */
  readonly email?: string;
  /** @default `<name>-password` */
  readonly password?: string;
  /** @default true */
  readonly certified?: boolean;
}

/** A team. Its managers and members must be users of the fixture or of every new server. */
export interface FixtureTeam {
  readonly name: string;
  readonly description?: string;
  /** The first one is the creator of the team. @default ['alice'] */
  readonly managers?: readonly string[];
  readonly members?: readonly string[];
  /** Whether any user may join. @default false */
  readonly open?: boolean;
}

/** Permissions as the API names them, or the name of a common set of permissions. */
export type FixtureAccess =
  'view' | 'download' | 'edit' | 'edit-delete' | 'admin' | readonly M.ACCESS_TYPE[];

/** A value, several of one type, or both as the API writes them. */
export type FixtureAnnotation =
  | FixtureValue
  | readonly FixtureValue[]
  | { readonly type: M.AnnotationsValueType; readonly value: readonly string[] };

/** Whole numbers become LONG, others DOUBLE, dates TIMESTAMP_MS. */
export type FixtureValue = string | number | boolean | Date;

/** The common properties of all types of entities. */
export interface FixtureEntity {
  readonly name: string;
  readonly description?: string;
  readonly annotations?: Readonly<Record<string, FixtureAnnotation>>;
  /**
   * Permissions besides those of the owner, by the name of a user or team; `public` stands for all
   * users and `authenticated` for all users who are logged in. Entities without `access` inherit
   * the permissions of their parent.
   */
  readonly access?: Readonly<Record<string, FixtureAccess>>;
}

/** A folder. */
export interface FixtureFolder extends FixtureEntity {
  readonly folders?: readonly FixtureFolder[];
  readonly files?: readonly FixtureFile[];
  readonly tables?: readonly FixtureTable[];
}

/** A project. */
export interface FixtureProject extends FixtureFolder {
  /** Name of the user who creates the project and everything in it. @default 'alice' */
  readonly owner?: string;
}

/** A file: with `content`, or with the content of the file at `path`. */
export interface FixtureFile extends FixtureEntity {
  readonly content?: string;
  /** Relative to the fixture file; for a fixture object, relative to the working directory. */
  readonly path?: string;
  /** @default by the file extension */
  readonly contentType?: string;
}

/** A cell of a table; lists are for columns of a list type. */
export type FixtureCell = FixtureValue | null | readonly FixtureValue[];

/** A table with its rows. */
export interface FixtureTable extends FixtureEntity {
  readonly columns: readonly M.ColumnModel[];
  /** Cells in the order of the columns. */
  readonly rows?: readonly (readonly FixtureCell[])[];
}

/** The seed is not valid or cannot be applied. The message names the location in the seed. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}
