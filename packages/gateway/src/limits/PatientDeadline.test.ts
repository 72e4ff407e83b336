import { systemClock } from './clock';
import { PatientDeadline } from './PatientDeadline';
import { DeadlineError } from './withDeadline';

const after = (ms: number) =>
  new Promise<void>(resolve => setTimeout(resolve, ms));
const never = new Promise<void>(() => {});

/** With more time than the gateway gives, for a computer that is busy. */
const DEADLINE_MS = 150;
const LONGEST_MS = 600;

describe('PatientDeadline', () => {
  const create = () =>
    PatientDeadline.create({
      clock: systemClock,
      deadlineMs: DEADLINE_MS,
      longestMs: LONGEST_MS,
    });

  const ask = (deadline: PatientDeadline, operation: Promise<void>) =>
    deadline.wait(operation, systemClock.monotonicMs());

  /** How long until an answer that never comes is given up. */
  const givenUpAfter = async (deadline: PatientDeadline) => {
    const began = performance.now();
    await expect(ask(deadline, never)).rejects.toThrow(DeadlineError);
    return performance.now() - began;
  };

  it('waits on while others get their answers one after the other', async () => {
    const deadline = create();
    const answers = Array.from({ length: 40 }, (_, n) =>
      ask(deadline, after(10 * n)),
    );
    await expect(Promise.all(answers)).resolves.toHaveLength(40);
  });

  it('gives up after the deadline where nobody is answered', async () => {
    const took = await givenUpAfter(create());
    expect(took).toBeGreaterThanOrEqual(DEADLINE_MS - 1);
    expect(took).toBeLessThan(2 * DEADLINE_MS);
  });

  it('gives up a deadline after the last answer', async () => {
    const deadline = create();
    const [took] = await Promise.all([
      givenUpAfter(deadline),
      ask(deadline, after(100)),
    ]);
    expect(took).toBeGreaterThanOrEqual(100 + DEADLINE_MS - 5);
    expect(took).toBeLessThan(100 + 2 * DEADLINE_MS);
  });

  it('gives up in the end, whoever else is answered', async () => {
    const deadline = create();
    const answers = Array.from({ length: 100 }, (_, n) =>
      ask(deadline, after(10 * n)).catch(() => undefined),
    );
    const took = await givenUpAfter(deadline);
    expect(took).toBeGreaterThanOrEqual(LONGEST_MS - 5);
    expect(took).toBeLessThan(LONGEST_MS + DEADLINE_MS);
    await Promise.all(answers);
  });

  it('does not wait longer for a store that answers everybody too late', async () => {
    const deadline = create();
    const late = Array.from({ length: 20 }, (_, n) =>
      ask(deadline, after(DEADLINE_MS + 50 + 10 * n)),
    );
    const given = await Promise.allSettled([
      ...late,
      after(DEADLINE_MS).then(() => ask(deadline, never)),
    ]);
    expect(given.every(({ status }) => status === 'rejected')).toBe(true);
  });

  it('lets what fails fail at once', async () => {
    await expect(
      ask(create(), Promise.reject(new Error('READONLY'))),
    ).rejects.toThrow('READONLY');
  });
});
