export * from './UsageEvent';
