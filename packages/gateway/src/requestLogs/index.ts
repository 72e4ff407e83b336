export * from './RequestLogBatcher';
export * from './RequestLogs';
export * from './RequestTrail';
export * from './Timers';
