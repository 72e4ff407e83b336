export { type EndpointState, useEndpoint } from './useEndpoint';
export { useAction } from './useAction';
export { useAllModels } from './useAllModels';
export { useDebounced } from './useDebounced';
export { type LoadOptions, type LoadState, useLoad } from './useLoad';
export { useMe } from './useMe';
export { useProject } from './useProject';
export { useProjects } from './useProjects';
export {
  type UrlParam,
  urlChoice,
  urlFlag,
  urlOptional,
  urlPage,
  urlText,
  useUrlState,
} from './useUrlState';
export { type FieldProps, useZodForm, type ZodForm } from './useZodForm';
