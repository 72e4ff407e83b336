export { SCENARIOS } from './scenarios';
export type { Form, Scenario, Surroundings } from './Scenario';
