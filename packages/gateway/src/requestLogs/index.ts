export * from './RequestLogBatcher';
export * from './Timers';
