import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import mime from 'mime-types';

import type * as M from '../../../generated/models.js';
import { setAcl } from '../access/aclWrites.js';
import { ownerAccess } from '../access/entityAcls.js';
import type { Authenticator } from '../auth/authenticator.js';
import { hashPassword } from '../auth/passwords.js';
import { requiredTermsVersion } from '../auth/terms.js';
import { createEntity } from '../entities/createEntity.js';
import { mergeAnnotations } from '../entities/entityAnnotations.js';
import { entityTables, type EntityRecord } from '../entities/entityRecords.js';
import type { Blob } from '../files/blobs.js';
import type { Caller } from '../kernel/caller.js';
import { errorCode } from '../kernel/errorCode.js';
import { ServiceError } from '../kernel/serviceError.js';
import { createColumns, normalizeColumn } from '../tables/columnModels.js';
import { readCell } from '../tables/columnValues.js';
import { runTransaction } from '../tables/tableJobs.js';
import { tablesOf } from '../tables/tables.js';
import { createTeam } from '../teams/teamWrites.js';
import { putMembership } from '../users/memberships.js';
import { findPrincipalByAlias, fixedPrincipals } from '../users/principals.js';
import { createUser, getUser } from '../users/users.js';
import type { World } from '../world.js';
import { annotationsOf, textOf } from './annotationText.js';
import {
  SeedError,
  type FixtureAccess,
  type FixtureCell,
  type FixtureEntity,
  type FixtureFile,
  type FixtureFolder,
  type FixtureProject,
  type FixtureTable,
  type FixtureTeam,
  type FixtureUser,
} from './fixture.js';
import type { Seed } from './readSeed.js';
import { addSeededUser, markSeeded, seedTokenName, wasSeeded } from './seededUsers.js';

const model = 'org.sagebionetworks.repo.model';

const accessSets: Readonly<Record<string, readonly M.ACCESS_TYPE[]>> = {
  view: ['READ'],
  download: ['READ', 'DOWNLOAD'],
  edit: ['READ', 'DOWNLOAD', 'UPDATE', 'CREATE'],
  'edit-delete': ['READ', 'DOWNLOAD', 'UPDATE', 'CREATE', 'DELETE'],
  admin: ownerAccess,
};

/**
 * Applies a seed to a new server; a server with data is not changed. Everything except the rows of
 * tables is created in one transaction, so a seed that cannot be applied changes nothing. Rows are
 * checked before.
 *
 * @throws {@link SeedError} naming the object that cannot be created, and the reason
 */
export async function applySeed(
  world: World,
  authenticator: Authenticator,
  { seed, warn }: { seed: Seed; warn: (message: string) => void },
): Promise<void> {
  if (wasSeeded(world)) return;
  if (entityTables(world).entities.size > 0) {
    warn(`The data directory has data already: the seed ${seed.origin} was not applied.`);
    return;
  }
  const planter = new Planter(world, authenticator, seed);
  await planter.prepare();
  try {
    world.store.transaction(() => planter.plant());
  } catch (error) {
    await planter.discard();
    throw error;
  }
  await planter.fillTables();
  world.store.transaction(() => markSeeded(world, seed.origin));
}

/** A created table without its rows. */
interface PlannedRows {
  readonly id: string;
  readonly place: string;
  readonly caller: Caller;
  readonly columns: readonly M.ColumnModel[];
  readonly rows: readonly (string | null)[][];
}

class Planter {
  readonly #world: World;
  readonly #authenticator: Authenticator;
  readonly #seed: Seed;
  readonly #blobs = new Map<FixtureFile, Blob>();
  readonly #passwords = new Map<FixtureUser, string>();
  readonly #rows: PlannedRows[] = [];

  constructor(world: World, authenticator: Authenticator, seed: Seed) {
    this.#world = world;
    this.#authenticator = authenticator;
    this.#seed = seed;
  }

  /**
   * Prepares the asynchronous parts, which cannot be in a transaction: password hashes and file
   * content.
   */
  async prepare(): Promise<void> {
    const { users = [], projects = [] } = this.#seed.fixture;
    try {
      for (const user of users) {
        this.#passwords.set(user, await hashPassword(user.password ?? `${user.name}-password`));
      }
      for (const project of projects) await this.#storeFiles(project, project.name);
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  /** Removes stored content after a failure. */
  async discard(): Promise<void> {
    for (const { id } of this.#blobs.values()) await this.#world.blobs.remove(id);
  }

  plant(): void {
    const { users = [], teams = [], projects = [] } = this.#seed.fixture;
    for (const user of users) this.#at(`user ${user.name}`, () => this.#createUser(user));
    for (const team of teams) this.#at(`team ${team.name}`, () => this.#createTeam(team));
    for (const project of projects) {
      this.#at(project.name, () => this.#createProject(project));
    }
  }

  async fillTables(): Promise<void> {
    for (const { id, place, caller, columns, rows } of this.#rows) {
      const context = {
        caller,
        path: {},
        progress: () => undefined,
        signal: new AbortController().signal,
      };
      const request = tableRequest(id, columns, rows);
      await runTransaction(tablesOf(this.#world), request, context).catch((error: unknown) => {
        throw this.#located(place, error);
      });
    }
  }

  async #storeFiles(folder: FixtureFolder, place: string): Promise<void> {
    for (const file of folder.files ?? []) {
      this.#blobs.set(file, await this.#storeFile(file, `${place}/${file.name}`));
    }
    for (const child of folder.folders ?? []) {
      await this.#storeFiles(child, `${place}/${child.name}`);
    }
  }

  async #storeFile({ content, path = '' }: FixtureFile, place: string): Promise<Blob> {
    const { blobs } = this.#world;
    try {
      if (content === '') throw new SeedError('Synapse has no empty files.');
      if (content !== undefined) return await blobs.save(Buffer.from(content));
      const file = resolve(this.#seed.directory, path);
      const info = await stat(file);
      if (!info.isFile()) throw new SeedError(`${file} is not a file.`);
      if (info.size === 0) throw new SeedError(`${file} is empty: Synapse has no empty files.`);
      return await blobs.save(createReadStream(file) as AsyncIterable<Buffer>);
    } catch (error) {
      throw this.#located(place, error);
    }
  }

  #createUser(user: FixtureUser): void {
    const { name, firstName, lastName, email, certified = true } = user;
    const passwordHash = this.#passwords.get(user);
    const { id } = createUser(this.#world, {
      userName: name,
      ...(firstName !== undefined && { firstName }),
      ...(lastName !== undefined && { lastName }),
      ...(email !== undefined && { email }),
      ...(passwordHash !== undefined && { passwordHash }),
      isCertified: certified,
      agreedVersion: requiredTermsVersion(this.#world),
    });
    this.#world.tokens.createPat({
      userId: id,
      name: seedTokenName,
      scopes: ['view', 'download', 'modify'],
      userInfoClaims: {},
    });
    addSeededUser(this.#world, name, id);
  }

  #createTeam(team: FixtureTeam): void {
    const { name, description, managers = ['alice'], members = [], open = false } = team;
    const [founder = 'alice'] = managers;
    const { id } = createTeam(this.#world, this.#callerNamed(founder), {
      name,
      ...(description !== undefined && { description }),
      canPublicJoin: open,
    });
    for (const member of new Set([...managers, ...members])) {
      const { userId } = this.#callerNamed(member);
      putMembership(this.#world, { groupId: id, userId, isAdmin: managers.includes(member) });
    }
  }

  #createProject(project: FixtureProject): void {
    const caller = this.#callerNamed(project.owner ?? 'alice');
    const record = this.#createEntity(caller, project, { concreteType: `${model}.Project` });
    this.#createChildren(caller, project, { id: record.id, place: project.name });
  }

  #createChildren(
    caller: Caller,
    folder: FixtureFolder,
    parent: { id: string; place: string },
  ): void {
    for (const file of folder.files ?? []) {
      this.#at(`${parent.place}/${file.name}`, () => this.#createFile(caller, file, parent.id));
    }
    for (const table of folder.tables ?? []) {
      const place = `${parent.place}/${table.name}`;
      this.#at(place, () => this.#createTable(caller, table, { parentId: parent.id, place }));
    }
    for (const child of folder.folders ?? []) {
      const place = `${parent.place}/${child.name}`;
      this.#at(place, () => {
        const body = { concreteType: `${model}.Folder`, parentId: parent.id } as const;
        const { id } = this.#createEntity(caller, child, body);
        this.#createChildren(caller, child, { id, place });
      });
    }
  }

  #createFile(caller: Caller, file: FixtureFile, parentId: string): void {
    const blob = this.#blobs.get(file);
    if (blob === undefined) throw new SeedError('Its content was not stored.');
    const handle = this.#world.files.record(blob, {
      createdBy: caller.userId,
      fileName: file.name,
      contentType: file.contentType ?? (mime.lookup(file.name) || 'application/octet-stream'),
    });
    this.#createEntity(caller, file, {
      concreteType: `${model}.FileEntity`,
      parentId,
      dataFileHandleId: handle.id,
    });
  }

  #createTable(
    caller: Caller,
    table: FixtureTable,
    { parentId, place }: { parentId: string; place: string },
  ): void {
    const columns = createColumns(this.#world, caller, table.columns);
    const rows = (table.rows ?? []).map((row, index) =>
      checkRow(row, { columns, number: index + 1 }),
    );
    const { id } = this.#createEntity(caller, table, {
      concreteType: `${model}.table.TableEntity`,
      parentId,
      columnIds: columns.map((column) => column.id),
    });
    if (rows.length > 0) this.#rows.push({ id, place, caller, columns, rows });
  }

  #createEntity(
    caller: Caller,
    { name, description, annotations, access }: FixtureEntity,
    body: M.Entity,
  ): EntityRecord {
    const { record } = createEntity(this.#world, caller, {
      ...body,
      name,
      ...(description !== undefined && { description }),
    });
    if (annotations !== undefined) {
      mergeAnnotations(this.#world, caller, record.id, annotationsOf(annotations));
    }
    if (access !== undefined) this.#share(caller, record.id, access);
    return record;
  }

  #share(caller: Caller, id: string, access: Readonly<Record<string, FixtureAccess>>): void {
    const rights = new Map<number, readonly M.ACCESS_TYPE[]>([[caller.userId, ownerAccess]]);
    for (const [name, given] of Object.entries(access)) {
      rights.set(
        this.#principal(name),
        typeof given === 'string' ? (accessSets[given] ?? []) : given,
      );
    }
    setAcl(this.#world, caller, id, {
      id,
      resourceAccess: Array.from(rights, ([principalId, types]) => ({
        principalId,
        accessType: [...types],
      })),
    });
  }

  #principal(name: string): number {
    if (name === 'public') return fixedPrincipals.public;
    if (name === 'authenticated') return fixedPrincipals.authenticatedUsers;
    const principal = findPrincipalByAlias(this.#world, name);
    if (principal === undefined) throw new SeedError(`There is no user or team '${name}'.`);
    return principal.id;
  }

  #callerNamed(name: string): Caller {
    const principal = findPrincipalByAlias(this.#world, name);
    if (principal === undefined || getUser(this.#world, principal.id) === undefined) {
      throw new SeedError(`There is no user '${name}'.`);
    }
    return this.#authenticator.callerOf(principal.id);
  }

  /** Runs `fn` and adds the location in the seed to its errors. */
  #at<T>(place: string, fn: () => T): T {
    try {
      return fn();
    } catch (error) {
      throw this.#located(place, error);
    }
  }

  #located(place: string, error: unknown): unknown {
    if (error instanceof LocatedError) return error;
    const isExpected = error instanceof SeedError || error instanceof ServiceError;
    if (!isExpected && errorCode(error) === undefined) return error;
    return new LocatedError(`In ${this.#seed.origin}, ${place}: ${messageOf(error)}`);
  }
}

/** An error that already names its location. */
class LocatedError extends SeedError {}

function checkRow(
  row: readonly FixtureCell[],
  { columns, number }: { columns: readonly M.ColumnModel[]; number: number },
): (string | null)[] {
  if (row.length !== columns.length) {
    throw new SeedError(`Row ${number} has ${row.length} cells for ${columns.length} columns.`);
  }
  return columns.map((column, index) => {
    const text = cellText(row[index] ?? null);
    try {
      readCell(text, normalizeColumn(column));
    } catch (error) {
      const { name = '', columnType = '' } = column;
      throw new SeedError(
        `Row ${number} has ${JSON.stringify(text)} as ${name}, which is no ${columnType}: ${messageOf(error)}`,
      );
    }
    return text;
  });
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}

function cellText(cell: FixtureCell): string | null {
  if (cell === null) return null;
  if (typeof cell !== 'object' || cell instanceof Date) return textOf(cell);
  return JSON.stringify(cell.map((item) => (item instanceof Date ? item.getTime() : item)));
}

function tableRequest(
  id: string,
  columns: readonly M.ColumnModel[],
  rows: readonly (string | null)[][],
): M.TableUpdateTransactionRequest {
  return {
    concreteType: `${model}.table.TableUpdateTransactionRequest`,
    entityId: id,
    changes: [
      {
        concreteType: `${model}.table.AppendableRowSetRequest`,
        entityId: id,
        toAppend: {
          concreteType: `${model}.table.RowSet`,
          tableId: id,
          headers: columns.map(({ id: column, name, columnType }) => ({
            id: column ?? '',
            name: name ?? '',
            columnType: columnType ?? 'STRING',
          })),
          rows: rows.map((values) => ({ values })),
        },
      },
    ],
  };
}
