import type { Scenario } from '../Scenario';
import { budgetRace } from './budgetRace';
import { diskFull } from './diskFull';
import { killNine } from './killNine';
import { outages } from './outages';
import { reload } from './reload';
import { replay } from './replay';
import { rollingRestart } from './rollingRestart';
import { soak } from './soak';
import { upstreamFaults } from './upstreamFaults';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  killNine,
  budgetRace,
  replay,
  reload,
  rollingRestart,
  outages,
  diskFull,
  upstreamFaults,
  soak,
];
