export * from './counters';
export * from './defaultDegradedMode';
export * from './gauges';
export * from './limitDefinition';
export * from './partOf';
export * from './resolveLimits';
export * from './windows';
