import type { Stamp } from '../Stamp';

/** Another name of a model, as it is kept. */
export interface ModelAliasRecord {
  readonly alias: string;
  readonly target: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** Other names of models. There are about as many as models. */
export interface ModelAliasStore {
  /** All, by name. */
  list(): Promise<ModelAliasRecord[]>;
  get(alias: string): Promise<ModelAliasRecord | undefined>;
  /** @returns `false` when there is one of this name */
  insert(alias: string, target: string, stamp: Stamp): Promise<boolean>;
  update(alias: string, target: string, stamp: Stamp): Promise<void>;
  delete(alias: string): Promise<void>;
}
