export * from './DatabaseLedgerStore';
export * from './LedgerStore';
export * from './UsageEvent';
export * from './usageRow';
