import fc from 'fast-check';
import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { makeSpoolDirectory } from '../../__testUtils__/startTestGateway';
import { testEvent } from '../../__testUtils__/testEvent';
import { createLog } from '../../telemetry/log';
import { decodeEvent, encodeEvent, kindOfPayload } from '../eventCodec';
import { unmatchedIntents } from '../recover';
import { RecordBuffer } from './RecordBuffer';
import { Spool } from './Spool';
import type { SpoolEntry } from './SpoolWriter';

jest.setTimeout(120_000);

const log = createLog('silent');
/** Everything can be read. */
const refuseLetter = async ({ reason }: { reason: string }) => {
  throw new Error(reason);
};
const id = (n: number) =>
  `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;

let opened = 0;
async function open(directory: string) {
  opened += 1;
  return Spool.open({
    directory,
    log,
    now: Date.now,
    lockToken: `fuzz-${opened}`,
    sync: 'always',
    maxSegmentBytes: 1_000_000,
  });
}

/** What happens to a disk, or to a file on it, when a machine dies. */
type Damage =
  | { readonly kind: 'none' }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bits: number }
  | { readonly kind: 'zeros'; readonly at: number }
  | { readonly kind: 'garbage'; readonly bytes: Uint8Array };

const place = fc.nat(1_000_000);
const anyDamage: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
  fc.record({
    kind: fc.constant('flip' as const),
    at: place,
    bits: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({ kind: fc.constant('zeros' as const), at: place }),
  fc.record({
    kind: fc.constant('garbage' as const),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  }),
);
const anyPosition = fc.oneof(
  fc.constant(undefined),
  fc.string({ maxLength: 40 }),
  fc.record({ segment: fc.nat(5), offset: fc.nat(3_000) }).map(
    // Only a position that was written is one; anything else is read as if there were none.
    position => `${JSON.stringify(position)}?`,
  ),
);
/** Requests in the order in which they begin and end: each number begins at its first place and ends at its second. */
const anyHistory = fc.array(fc.nat(11), { minLength: 1, maxLength: 24 });

function entriesOf(history: readonly number[]): SpoolEntry[] {
  const begun = new Set<number>();
  const ended = new Set<number>();
  return history.flatMap(n => {
    if (ended.has(n)) return [];
    const event = testEvent({ id: id(n), requestId: `request-${n}` });
    if (begun.has(n)) {
      ended.add(n);
      return [encodeEvent('event', event)];
    }
    begun.add(n);
    return [encodeEvent('intent', event)];
  });
}

/** @returns from which byte of the file on nothing is sure */
async function inflict(path: string, damage: Damage): Promise<number> {
  const bytes = await readFile(path);
  switch (damage.kind) {
    case 'none':
      return bytes.length;
    case 'cut': {
      const at = damage.at % (bytes.length + 1);
      await truncate(path, at);
      return at;
    }
    case 'flip': {
      if (bytes.length === 0) return 0;
      const at = damage.at % bytes.length;
      bytes[at] ^= damage.bits;
      await writeFile(path, bytes);
      return at;
    }
    case 'zeros': {
      const at = damage.at % (bytes.length + 1);
      await writeFile(path, bytes.fill(0, at));
      return at;
    }
    case 'garbage':
      await appendFile(path, damage.bytes);
      return bytes.length;
    default: {
      const impossible: never = damage;
      throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
    }
  }
}

describe('recovery', () => {
  it('never fails, invents nothing, and loses only what the damage touches', async () => {
    const parent = await makeSpoolDirectory();
    await fc.assert(
      fc.asyncProperty(
        anyHistory,
        anyDamage,
        anyPosition,
        async (history, damage, position) => {
          const directory = await mkdtemp(join(parent, 'fuzz-'));
          const entries = entriesOf(history);
          const first = await open(directory);
          await Promise.all(entries.map(entry => first.spool.append(entry)));
          await first.spool.close();

          const [segment] = (await readdir(directory)).filter(name =>
            name.endsWith('.segment'),
          );
          const sureUpTo = await inflict(join(directory, segment), damage);
          if (position !== undefined) {
            await writeFile(join(directory, 'position.json'), position);
          }
          const written = new RecordBuffer();
          const sure = entries.filter(({ payload }) => {
            written.add(payload);
            return written.length <= sureUpTo;
          });

          const second = await open(directory);
          const unmatched = await unmatchedIntents(second.left, refuseLetter);
          await second.spool.append(
            encodeEvent('event', testEvent({ id: id(99) })),
          );
          const events: string[] = [];
          for (
            let slice = await second.spool.next();
            slice;
            slice = await second.spool.next()
          ) {
            for (const payload of slice.payloads) {
              if (kindOfPayload(payload) !== 'event') continue;
              const event = decodeEvent(payload);
              expect(event).toEqual(
                testEvent({
                  id: event.id,
                  ...(event.id !== id(99) && { requestId: event.requestId }),
                }),
              );
              events.push(event.id);
            }
            await second.spool.advance(slice);
          }
          await second.spool.close();

          const idsOf = (
            kind: SpoolEntry['kind'],
            from: readonly SpoolEntry[],
          ) => from.filter(entry => entry.kind === kind).map(entry => entry.id);
          const ended = idsOf('event', entries);
          expect(events.pop()).toBe(id(99));
          expect(new Set(events).size).toBe(events.length);
          expect(ended).toEqual(expect.arrayContaining(events));
          expect(events).toEqual(expect.arrayContaining(idsOf('event', sure)));

          // A request that is known to have begun is booked, whether by its event or by its intent, and never by both.
          const open_ = unmatched.map(event => event.id);
          expect(idsOf('intent', entries)).toEqual(
            expect.arrayContaining(open_),
          );
          expect(open_.filter(one => events.includes(one))).toEqual([]);
          for (const begun of idsOf('intent', sure)) {
            expect([...events, ...open_]).toContain(begun);
          }
          await rm(directory, { recursive: true });
        },
      ),
      { numRuns: 300 },
    );
  });
});
