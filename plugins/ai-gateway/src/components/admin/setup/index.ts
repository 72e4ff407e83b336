export {
  type NextStep,
  nextStepLabel,
  nextStepOfAll,
  nextStepOfModel,
} from './modelSetup';
export { nextStepPath } from './nextStepPath';
export { SetupSteps } from './SetupSteps';
export { SetupGuide } from './SetupGuide';
