import { createWriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type * as M from '../../../generated/models.js';
import { findOwnAcl, ownerAccess } from '../access/entityAcls.js';
import { Authenticator } from '../auth/authenticator.js';
import { rootId } from '../entities/entityIds.js';
import {
  childrenOf,
  getVersionRecord,
  type EntityRecord,
  type VersionRecord,
} from '../entities/entityRecords.js';
import { isCloudHandle } from '../files/handleRecords.js';
import { errorCode } from '../kernel/errorCode.js';
import { getSchema, type StoredColumn } from '../tables/columnModels.js';
import { queryPage } from '../tables/query/queryBundle.js';
import { tablesOf } from '../tables/tables.js';
import { allTeams, isBuiltInTeam, teamName, type TeamRecord } from '../teams/teamRecords.js';
import { isCertified } from '../users/certification.js';
import { membersOf } from '../users/memberships.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import { seedIds } from '../users/seeds.js';
import { users, type UserRecord } from '../users/users.js';
import type { World } from '../world.js';
import { shortAnnotation } from './annotationText.js';
import type {
  Fixture,
  FixtureAccess,
  FixtureCell,
  FixtureEntity,
  FixtureFile,
  FixtureFolder,
  FixtureProject,
  FixtureTable,
  FixtureTeam,
  FixtureUser,
} from './fixture.js';

/** The result of an export. */
export interface ExportSummary {
  /** Path of the fixture, a JSON file. */
  readonly fixture: string;
  readonly entities: number;
  /** Entities that a fixture cannot represent, each with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * Exports the content of a server to an empty directory: `fixture.json`, which can seed a server,
 * and the content of files in `files/`. Only the current version of each entity is exported.
 *
 * @throws Error when the directory is not empty
 */
export async function exportFixture(world: World, directory: string): Promise<ExportSummary> {
  await requireEmpty(directory);
  await mkdir(join(directory, 'files'), { recursive: true });
  const exporter = new Exporter(world, directory);
  const fixture = await exporter.export();
  const file = join(directory, 'fixture.json');
  await writeFile(file, `${JSON.stringify(fixture, null, 2)}\n`);
  return { fixture: file, entities: exporter.entities, leftOut: exporter.leftOut };
}

async function requireEmpty(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0) {
    throw new Error(`${directory} is not empty: export into a new directory.`);
  }
}

class Exporter {
  entities = 0;
  readonly leftOut: string[] = [];
  readonly #world: World;
  readonly #directory: string;

  constructor(world: World, directory: string) {
    this.#world = world;
    this.#directory = directory;
  }

  async export(): Promise<Fixture> {
    const projects: FixtureProject[] = [];
    for (const record of sorted(childrenOf(this.#world, rootId))) {
      if (record.type !== 'project') continue;
      const owner = this.#name(record.createdBy) ?? 'admin';
      projects.push({ ...(await this.#folder(record, record.name)), owner });
    }
    return { users: this.#users(), teams: this.#teams(), projects };
  }

  #users(): FixtureUser[] {
    const own = new Set(seedIds(this.#world).values());
    return [...users(this.#world).values()]
      .filter(({ id }) => !own.has(id) && id !== fixedPrincipals.anonymous)
      .map((user) => this.#user(user));
  }

  #user({ id, profile, emails }: UserRecord): FixtureUser {
    const { firstName, lastName } = profile;
    const [email] = emails;
    return {
      name: this.#name(id) ?? String(id),
      ...(firstName !== undefined && { firstName }),
      ...(lastName !== undefined && { lastName }),
      ...(email !== undefined && { email }),
      certified: isCertified(this.#world, id),
    };
  }

  #teams(): FixtureTeam[] {
    return allTeams(this.#world)
      .filter(({ id }) => !isBuiltInTeam(id))
      .map((team) => this.#team(team));
  }

  #team({ id, description, canPublicJoin }: TeamRecord): FixtureTeam {
    const named = membersOf(this.#world, id).flatMap(({ userId, isAdmin }) => {
      const name = this.#name(userId);
      return name === undefined ? [] : [{ name, isAdmin }];
    });
    return {
      name: teamName(this.#world, id),
      ...(description !== undefined && { description }),
      managers: named.filter(({ isAdmin }) => isAdmin).map(({ name }) => name),
      members: named.filter(({ isAdmin }) => !isAdmin).map(({ name }) => name),
      ...(canPublicJoin === true && { open: true }),
    };
  }

  async #folder(record: EntityRecord, place: string): Promise<FixtureFolder> {
    const folders: FixtureFolder[] = [];
    const files: FixtureFile[] = [];
    const tables: FixtureTable[] = [];
    for (const child of sorted(childrenOf(this.#world, record.id))) {
      const path = `${place}/${child.name}`;
      if (child.type === 'folder') {
        folders.push(await this.#folder(child, path));
      } else if (child.type === 'file') {
        const file = await this.#file(child, path);
        if (file !== undefined) files.push(file);
      } else if (child.type === 'table') {
        tables.push(await this.#table(child));
      } else {
        this.leftOut.push(`${path}: a fixture has no ${child.type}`);
      }
    }
    return {
      ...this.#entity(record, getVersionRecord(this.#world, record)),
      ...(folders.length > 0 && { folders }),
      ...(files.length > 0 && { files }),
      ...(tables.length > 0 && { tables }),
    };
  }

  async #file(record: EntityRecord, place: string): Promise<FixtureFile | undefined> {
    const version = getVersionRecord(this.#world, record);
    const { files } = this.#world;
    const handle = files.find(version.fields.dataFileHandleId ?? '');
    if (handle === undefined || !isCloudHandle(handle) || !files.hasContent(handle)) {
      this.leftOut.push(`${place}: its content is not stored in this server`);
      return undefined;
    }
    // The id makes names unique on any file system, and valid even for `..`.
    const path = `files/${record.id}-${record.name}`;
    await pipeline(files.read(handle), createWriteStream(join(this.#directory, path)));
    const { contentType } = handle;
    const entity = this.#entity(record, version);
    return { ...entity, path, ...(contentType !== undefined && { contentType }) };
  }

  async #table(record: EntityRecord): Promise<FixtureTable> {
    const version = getVersionRecord(this.#world, record);
    const schema = getSchema(this.#world, version.fields.columnIds ?? []);
    return {
      ...this.#entity(record, version),
      columns: schema.map(columnModel),
      ...(schema.length > 0 && { rows: await this.#rows(record, schema) }),
    };
  }

  async #rows(record: EntityRecord, schema: readonly StoredColumn[]): Promise<FixtureCell[][]> {
    const tables = tablesOf(this.#world);
    const caller = new Authenticator(this.#world).callerOf(fixedPrincipals.admin);
    const names = schema.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join(', ');
    const sql = `SELECT ${names} FROM ${record.id} ORDER BY ROW_ID`;
    const rows: FixtureCell[][] = [];
    for (;;) {
      const page = await queryPage(tables, caller, { sql, offset: rows.length });
      for (const { values } of page.queryResults?.rows ?? []) {
        rows.push((values ?? []).map((value) => value ?? null));
      }
      if (page.nextPageToken === undefined) return rows;
    }
  }

  #entity(record: EntityRecord, { fields, annotations }: VersionRecord): FixtureEntity {
    this.entities += 1;
    const { description } = fields;
    const written = Object.entries(annotations).map(
      ([key, value]) => [key, shortAnnotation(value)] as const,
    );
    const access = this.#access(record);
    return {
      name: record.name,
      ...(description !== undefined && { description }),
      ...(written.length > 0 && { annotations: Object.fromEntries(written) }),
      ...(access && { access }),
    };
  }

  /**
   * The permissions of other principals than the owner. A project without any needs no `access`.
   */
  #access(record: EntityRecord): Record<string, FixtureAccess> | undefined {
    const acl = findOwnAcl(this.#world, record.id);
    if (acl === undefined) return undefined;
    const others = acl.resourceAccess.flatMap(({ principalId, accessType }) => {
      const isOwner =
        principalId === record.createdBy && ownerAccess.every((type) => accessType.includes(type));
      const name = isOwner ? undefined : this.#name(principalId);
      return name === undefined ? [] : [[name, [...accessType]] as const];
    });
    return others.length === 0 && record.type === 'project'
      ? undefined
      : Object.fromEntries(others);
  }

  #name(principalId: number): string | undefined {
    if (principalId === fixedPrincipals.public) return 'public';
    if (principalId === fixedPrincipals.authenticatedUsers) return 'authenticated';
    return getPrincipal(this.#world, principalId)?.name;
  }
}

function sorted(records: readonly EntityRecord[]): EntityRecord[] {
  return [...records].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function columnModel(column: StoredColumn): M.ColumnModel {
  const model: M.ColumnModel = { ...column };
  delete model.id;
  return model;
}
