/** An API key, as the pipeline needs it. */
export interface KeyRecord {
  readonly id: string;
  readonly projectId: string;
  readonly ownerKind: 'user' | 'app' | 'project';
  readonly ownerRef: string | null;
  /** Models it may call; `null` for all. */
  readonly modelScope: ReadonlySet<string> | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
  readonly revoked: boolean;
}
