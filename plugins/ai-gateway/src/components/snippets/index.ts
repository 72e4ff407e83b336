export { CallSnippets } from './CallSnippets';
export { HowToCall } from './HowToCall';
