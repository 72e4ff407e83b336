import {
  DatabaseLedgerStore,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Knex } from 'knex';
import type { GatewaySettings, WorkerPlace } from '../config/GatewaySettings';
import { workerSpool } from '../config/workerSpool';
import type { Log } from '../telemetry/log';
import { DeadLetters } from './DeadLetters';
import { LeftSpools } from './LeftSpools';
import { Meter } from './Meter';
import { unmatchedIntents } from './recover';
import { Shipper } from './Shipper';
import { Spool } from './spool/Spool';
import type { Attempt } from './usageEvent';

export interface MeteringSetup {
  readonly settings: Pick<
    GatewaySettings,
    'spoolDirectory' | 'spoolRoot' | 'spoolSegmentBytes' | 'spoolSync'
  >;
  readonly knex: Knex;
  /** Which of several processes this is; `null` for the only one. */
  readonly place: WorkerPlace | null;
  /** Of this gateway, new at each start. */
  readonly id: string;
  readonly newId: () => string;
  /** Told of each attempt that is over, and what is booked of it. */
  readonly onEnd: (attempt: Attempt, event: UsageEvent) => void;
  readonly log: Log;
  readonly now: () => number;
}

/** All that usage goes through, from an attempt to the ledger. */
export interface Metering {
  readonly spool: Spool;
  readonly meter: Meter;
  readonly shipper: Shipper;
  readonly deadLetters: DeadLetters;
  /** Brings to the ledger what there is, but no longer than so many milliseconds; the rest is there at the next start. */
  flush(withinMs: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the spool, books what earlier processes left open in it, and has it shipped from now on.
 *
 * @throws SpoolLocked when another gateway has the spool
 */
export async function openMetering(setup: MeteringSetup): Promise<Metering> {
  const { settings, knex, place, id, log, now } = setup;
  const { spool, left } = await Spool.open({
    directory: settings.spoolDirectory,
    sync: settings.spoolSync,
    maxSegmentBytes: settings.spoolSegmentBytes,
    lockToken: id,
    log,
    now,
  });
  const meter = Meter.create({ spool, log, onEnd: setup.onEnd });
  const deadLetters = await DeadLetters.open({
    directory: settings.spoolDirectory,
    log,
  });
  const unmatched = await unmatchedIntents(left, letter =>
    deadLetters.add(letter),
  );
  await meter.recover(unmatched);
  if (unmatched.length > 0) {
    log.warn(
      { requests: unmatched.length },
      'An earlier gateway died with requests under way; they are booked with an estimate',
    );
  }
  const ledger = DatabaseLedgerStore.create({ knex });
  const shipper = Shipper.start({ spool, ledger, deadLetters, log, now });
  // One process of several is enough to see to what nobody serves from any more.
  const leftSpools =
    place && place.worker > 1
      ? null
      : LeftSpools.start({
          root: settings.spoolRoot,
          inUse: spoolsInUse(place),
          ledger,
          deadLetters,
          newId: setup.newId,
          log,
          now,
        });
  return {
    spool,
    meter,
    shipper,
    deadLetters,
    flush: async withinMs => {
      await Promise.all([shipper.stop(withinMs), leftSpools?.stop()]);
    },
    close: async () => {
      deadLetters.close();
      await spool.close();
    },
  };
}

function spoolsInUse(place: WorkerPlace | null): ReadonlySet<string> {
  const workers = place?.workers ?? 0;
  return new Set(
    Array.from({ length: workers }, (_, index) => workerSpool(index + 1)),
  );
}
