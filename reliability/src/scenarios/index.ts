import type { Scenario } from '../Scenario';
import { killNine } from './killNine';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [killNine];
