import { ConflictError } from '@backstage/errors';
import {
  describeRoutingConflict,
  findRoutingConflicts,
  type RoutingConflict,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Stores } from '../database/Stores';

/**
 * Makes a change, inside a write, and refuses it when requests could not be routed as it leaves them. A conflict that was there before is
 * no reason: whoever made it by hand is to be helped by every change that does not add to it.
 *
 * Gateways refuse a configuration with a conflict whole, so that nothing that one could bring about may go without this.
 *
 * @param change - what it wrote is taken back with its transaction
 * @param refusal - what to throw; without it a ConflictError
 */
export async function refuseRoutingConflict(
  stores: Pick<Stores, 'routing'>,
  change: () => Promise<void>,
  refusal: (conflict: RoutingConflict, message: string) => Error = (
    _,
    message,
  ) => new ConflictError(message),
): Promise<void> {
  const conflicts = async () =>
    findRoutingConflicts(await stores.routing.table()).map(conflict => ({
      conflict,
      message: describeRoutingConflict(conflict),
    }));
  const before = new Set((await conflicts()).map(({ message }) => message));
  await change();
  const added = (await conflicts()).find(({ message }) => !before.has(message));
  if (added) throw refusal(added.conflict, added.message);
}
