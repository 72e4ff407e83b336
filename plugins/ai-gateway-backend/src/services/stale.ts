import { ConflictError } from '@backstage/errors';

/**
 * Refuses a change that was made against an older version of a row, and says who changed it meanwhile.
 *
 * @param what - such as `model`
 * @throws ConflictError
 */
export function refuseStale(
  what: string,
  current: {
    readonly version: number;
    readonly updatedAt: Date;
    readonly updatedBy: string;
  },
  version: number,
): void {
  if (current.version === version) return;
  throw new ConflictError(
    `${current.updatedBy} changed this ${what} at ${current.updatedAt.toISOString()}, after you read it (version ${version}, now ${current.version}). Reload it and make your change again.`,
  );
}
