export * from './counters';
export * from './gauges';
export * from './limitDefinition';
export * from './partOf';
export * from './resolveLimits';
export * from './windows';
