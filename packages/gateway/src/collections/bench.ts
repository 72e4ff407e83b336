/**
 * What it costs to collect what comes and goes in a `Set`, and in a `Bag`: requests of which some are under way at any time, each in the
 * collection from its beginning to its end.
 *
 * yarn workspace @ai-gateway/gateway bench:collections
 */
import { Bag, NOWHERE, type Bagged } from './Bag';

const REQUESTS = 400_000;
const UNDER_WAY = 64;
const ROUNDS = 5;

interface Request extends Bagged {
  /** What hangs on it. */
  facts: number[];
}

interface Collection {
  add(one: Request): unknown;
  delete(one: Request): unknown;
}

/** @returns microseconds of CPU for each request */
function run(collection: Collection): number {
  const lasting = newRequest(0);
  collection.add(lasting);
  // Until the collection itself has become old.
  for (let i = 0; i < 50_000; i++) lasting.facts = newRequest(i).facts;
  const underWay: Request[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < REQUESTS; i++) {
    const request = newRequest(i);
    collection.add(request);
    const over = underWay[i % UNDER_WAY];
    if (over) collection.delete(over);
    underWay[i % UNDER_WAY] = request;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

function newRequest(i: number): Request {
  return { place: NOWHERE, facts: new Array<number>(256).fill(i) };
}

const figures: Array<{ set: number; bag: number }> = [];
for (let round = 0; round < ROUNDS; round++) {
  figures.push({ set: run(new Set()), bag: run(new Bag()) });
}
const median = (of: (figure: { set: number; bag: number }) => number) =>
  figures.map(of).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
process.stdout.write(
  `Set  ${median(({ set }) => set).toFixed(2)} µs of CPU a request\n` +
    `Bag  ${median(({ bag }) => bag).toFixed(2)} µs\n` +
    `Set/Bag  ${median(({ set, bag }) => set / bag).toFixed(2)}\n`,
);
