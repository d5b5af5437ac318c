import type * as M from '../../../generated/models.js';

/**
 * What a new server is filled with: the content of a JSON or YAML file, or an object of the same form.
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

/** A person. They have agreed to the terms of service and have a personal access token. */
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

/** A team. Whoever is named must be a user of the fixture, or one that every server has. */
export interface FixtureTeam {
  readonly name: string;
  readonly description?: string;
  /** The first one made the team. @default ['alice'] */
  readonly managers?: readonly string[];
  readonly members?: readonly string[];
  /** Anybody may join. @default false */
  readonly open?: boolean;
}

/** Rights, as the API names them, or one of the usual sets of them. */
export type FixtureAccess = 'view' | 'download' | 'edit' | 'admin' | readonly M.ACCESS_TYPE[];

/** A value, several of one type, or both as the API writes them. */
export type FixtureAnnotation =
  | FixtureValue
  | readonly FixtureValue[]
  | { readonly type: M.AnnotationsValueType; readonly value: readonly string[] };

/** Whole numbers become LONG, others DOUBLE, dates TIMESTAMP_MS. */
export type FixtureValue = string | number | boolean | Date;

/** What all kinds of entities have. */
export interface FixtureEntity {
  readonly name: string;
  readonly description?: string;
  readonly annotations?: Readonly<Record<string, FixtureAnnotation>>;
  /**
   * Who has which rights besides the owner, by the name of a user or team; `public` is everybody and
   * `authenticated` everybody who is logged in. What has no `access` inherits that of its parent.
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
  /** Name of the user who makes it and everything in it. @default 'alice' */
  readonly owner?: string;
}

/** A file: with `content`, or with the content of the file at `path`. */
export interface FixtureFile extends FixtureEntity {
  readonly content?: string;
  /** Relative to the fixture file; of a fixture that is an object, to the working directory. */
  readonly path?: string;
  /** @default by the name's extension */
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

/** The seed is not one, or cannot be applied; the message says where in it. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}
