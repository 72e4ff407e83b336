export * from './routingConflicts';
export * from './routingSettings';
