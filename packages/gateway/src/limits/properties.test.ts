import fc from 'fast-check';
import { InProcessLimiter } from './InProcessLimiter';
import type { Limiter } from './Limiter';
import { RedisLimiter } from './redis/RedisLimiter';
import {
  commands,
  COUNTERS,
  keptAmounts,
  seedOf,
  START,
  unknownHold,
  type Command,
} from './__testUtils__/commands';
import { describeWithRedis } from './testing/describeWithRedis';
import { FakeClock } from './testing/FakeClock';
import { useRedis } from './testing/useRedis';
import {
  comparable,
  limiterSubject,
  modelSubject,
  type Admission,
  type Subject,
} from './__testUtils__/subjects';

jest.setTimeout(60_000);

/** Does one command, and tells all that can be seen of it. */
async function perform(
  subject: Subject,
  command: Command,
  clock: FakeClock,
  admissions: Map<string, Admission>,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const tell = <T>(value: T): T => {
    seen.push(value);
    return value;
  };
  const admission =
    'holdId' in command ? admissions.get(command.holdId) : undefined;
  const known = admission?.hold;
  switch (command.do) {
    case 'reserve': {
      // The same id is the same admission.
      const request = admission?.request ?? command;
      let result = tell(await subject.reserve(request));
      if (result.outcome === 'needs-seed') {
        for (const need of result.needsSeed) {
          tell(await subject.seed({ ...need, spent: command.ledger }));
        }
        result = tell(await subject.reserve(request));
      }
      if (result.outcome === 'admitted') {
        admissions.set(command.holdId, { hold: result.hold, request });
      }
      break;
    }
    case 'settle':
      if (known) tell(await subject.settle(known, command.actual));
      break;
    case 'release':
      if (known) tell(await subject.release(known));
      break;
    case 'trim':
      if (admission) {
        const { hold, request } = admission;
        const amounts = keptAmounts(hold, command.keeps);
        const after = tell(await subject.trim(hold, amounts));
        if (command.goesBy) {
          admissions.set(command.holdId, { hold: after, request });
        }
      }
      break;
    case 'renew':
      if (known) tell(await subject.renew(known, command.ttlMs));
      break;
    case 'settleUnknown': {
      let hold = unknownHold(command, clock.wallMs());
      if (command.keeps) {
        const amounts = keptAmounts(hold, command.keeps);
        hold = tell(await subject.trim(hold, amounts));
      }
      tell(await subject.settle(hold, command.actual));
      break;
    }
    case 'seed':
      tell(await subject.seed(seedOf(command, clock.wallMs())));
      break;
    case 'forget':
      await subject.forget(command.counter);
      break;
    case 'pass':
    case 'jump':
      break;
    default:
      throw new TypeError(`Unknown command: ${JSON.stringify(command)}`);
  }
  for (const counter of COUNTERS) tell(await subject.read(counter));
  return seen;
}

async function expectAsModel(
  create: (clock: FakeClock) => Promise<Limiter>,
  sequence: readonly Command[],
): Promise<void> {
  const clock = new FakeClock(START);
  const model = modelSubject(clock);
  const limiter = limiterSubject(await create(clock));
  const ofModel = new Map<string, Admission>();
  const ofLimiter = new Map<string, Admission>();
  for (const command of sequence) {
    if (command.do === 'pass') clock.pass(command.ms);
    if (command.do === 'jump') clock.jump(command.ms);
    const expected = await perform(model, command, clock, ofModel);
    const seen = await perform(limiter, command, clock, ofLimiter);
    expect(comparable(seen)).toEqual(comparable(expected));
  }
}

const sequences = fc.array(commands, { minLength: 1, maxLength: 40 });

describe('an implementation does what the model does, whatever comes', () => {
  it('in process', async () => {
    await fc.assert(
      fc.asyncProperty(sequences, sequence =>
        expectAsModel(
          async clock => InProcessLimiter.create({ clock }),
          sequence,
        ),
      ),
      { numRuns: 300 },
    );
  });

  describeWithRedis('in Redis', () => {
    const redis = useRedis(6391);

    it('as in process', async () => {
      await fc.assert(
        fc.asyncProperty(sequences, sequence =>
          expectAsModel(async clock => {
            await redis.connection.flushall();
            const { wallMs } = clock;
            return RedisLimiter.create({
              connection: redis.connection,
              clock,
              wallMs,
            });
          }, sequence),
        ),
        { numRuns: 150 },
      );
    });
  });
});
