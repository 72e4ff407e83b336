export { EntityAiModelCard } from './EntityAiModelCard';
export { EntityAiModelContent } from './EntityAiModelContent';
export { isAiModel } from './isAiModel';
