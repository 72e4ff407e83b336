import type { Page } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ProjectFilter } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import type { Stamp } from '../Stamp';

/** What may change of a project. */
export interface ProjectFields {
  readonly title: string;
  readonly description: string;
  readonly ownerRef: string;
  readonly businessUnit: string;
  readonly costCentre: string | null;
}

/** A project as it is kept. */
export interface ProjectRecord extends ProjectFields {
  readonly id: string;
  readonly type: 'internal' | 'client';
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** Projects. Whoever asks says within which scope. */
export interface ProjectStore {
  list(
    scope: Scope<ProjectFilter>,
    page: { limit: number; offset: number },
  ): Promise<Page<ProjectRecord>>;
  get(
    id: string,
    scope: Scope<ProjectFilter>,
  ): Promise<ProjectRecord | undefined>;
  /** Ids of all projects within the scope. */
  ids(scope: Scope<ProjectFilter>): Promise<string[]>;
  /** Owners of some projects, for permission rules; `undefined` where there is no such project. */
  owners(ids: readonly string[]): Promise<Array<string | undefined>>;
  /** @returns `false` when there is one of this id */
  insert(
    key: { id: string; type: 'internal' | 'client' },
    fields: ProjectFields,
    stamp: Stamp,
  ): Promise<boolean>;
  update(id: string, fields: ProjectFields, stamp: Stamp): Promise<void>;
}
